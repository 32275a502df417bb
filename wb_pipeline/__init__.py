"""wb_pipeline: the gate between AI agents and a CRM. Proposals come in; decided, audited, approved writes go out."""

__version__ = "0.1.0"
