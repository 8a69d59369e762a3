"""Facts survive a cache."""

import json

from leads.verifier.results import DomainFacts


def test_facts_come_back_from_json_as_they_were():
    facts = DomainFacts(
        "corp.test",
        exists=True,
        mx=((10, "mx.corp.test"), (20, "mx2.corp.test")),
        spf="v=spf1 -all",
        catch_all=False,
        unread=("dkim",),
    )

    assert DomainFacts.from_dict(json.loads(json.dumps(facts.to_dict()))) == facts


def test_facts_of_an_empty_cache_row_are_unknown():
    facts = DomainFacts.from_dict(json.loads(json.dumps(DomainFacts("corp.test").to_dict())))

    assert (facts.exists, facts.catch_all, facts.mail_hosts) == (None, None, ())
