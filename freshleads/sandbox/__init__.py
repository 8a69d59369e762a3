"""A small deterministic internet on loopback: websites, DNS, mail servers and vendors' APIs."""
