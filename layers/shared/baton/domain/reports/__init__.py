"""Reports: what each lead adds to the counters, how counters are kept right, and what is read off them."""
