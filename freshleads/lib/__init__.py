"""Plain Python that everything else may use: errors, ids, addresses, domains, HTTP."""
