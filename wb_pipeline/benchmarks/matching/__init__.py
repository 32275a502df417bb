"""`wb bench matching`: how well records and proposals are matched, measured on labelled data. Nothing is matched here.

Pure figures are in `rates`, `pair_metrics`, `calibration`, `cluster_metrics` and `proposal_metrics`; the data in
`labelled` and `split`; what is compared in `plain_splink` and `our_matcher`; what is said about it in `report`.
"""
