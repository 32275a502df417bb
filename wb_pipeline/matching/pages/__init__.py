"""Pages for people about models and pairs: one HTML file each, which opens without a network. They decide nothing."""
