"""A small deterministic internet on loopback: websites, Google Places, DNS and mail servers."""
