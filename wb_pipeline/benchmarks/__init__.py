"""Load tests that anybody can repeat: made-up data, the floor, the road's figures. Nothing is decided here."""
