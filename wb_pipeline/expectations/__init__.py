"""Great Expectations as gates (confidence, evidence) and as independent judge (contract, outcomes). No dagster."""
