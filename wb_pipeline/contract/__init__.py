"""The data contract: typed models, published schemas, parsing of untrusted files. No judging: gates do that."""
