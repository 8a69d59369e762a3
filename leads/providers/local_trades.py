"""What a search for businesses means to imported data, whose categories have names of their own.

The trades, in four languages, are those of OpenStreetMap's table; most of their English names are
also what Overture and Foursquare call a category. Those that are not stand here.
"""

from collections.abc import Mapping
from functools import cache

from leads.place_store.searching import Meaning, Question
from leads.place_store.words import phrase_of, words_of
from leads.providers.osm_trades import (
    CUISINES,
    EATING,
    FILLERS,
    Trade,
    Words,
    find_trade,
    fold,
    split_words,
    stretches,
)

# Categories of Overture (2026) and Foursquare by the title of the trade.
ALSO: Mapping[str, str] = {
    "Accountant": "tax service, accounting and bookkeeping service",
    "Architect": "architectural designer",
    "Bank": "bank or credit union, banking and finance",
    "Bathroom shop": "bathroom remodeling, bathroom contractor",
    "Beauty salon": "skin care and makeup, skin care clinic, esthetician",
    "Bed shop": "mattress store",
    "Bicycle shop": "bike store, bike repair maintenance",
    "Builder": "building or construction service, home developer, construction management",
    "Camp site": "campground, rv park",
    "Car dealer": "auto dealer, used auto dealer, new auto dealer",
    "Car parts": "auto parts and supply, auto parts store",
    "Car rental": "car rental agency, car rental service, rental car location",
    "Car repair": "automotive repair, automotive repair shop, auto body shop",
    "Carpet shop": "rug store",
    "Charity": "charity organization, non profit organization, social and human service",
    "Childcare": "child care and day care, day care preschool, daycare",
    "Cleaning company": "home cleaning, office cleaning, professional cleaning service",
    "Clinic": "primary care or general clinic, public health clinic, urgent care clinic",
    "Clothes shop": "fashion and apparel store, fashion boutique, womens clothing store",
    "Cosmetics shop": "cosmetics and fragrance store, beauty supply store, cosmetic store",
    "Courier": "courier and delivery service, freight and cargo service, shipping center",
    "Dentist": "general dentistry, cosmetic dentistry, pediatric dentistry, dental hygiene",
    "Dermatologist": "dermatology",
    "Doctor": "family practice, internal medicine, doctors office",
    "Dry cleaner": "laundry service",
    "Electronics repair": "it service and computer repair, mobile phone repair",
    "Eye doctor": "ophthalmology, vision or eye care clinic",
    "Financial advisor": "financial advising, financial planner",
    "Floor layer": "flooring contractor, carpet and flooring contractor",
    "Florist": "flowers and gifts shop, flowers and gifts store, flower store",
    "Funeral director": "funeral service, funeral services and cemetery",
    "Garden centre": "nursery and gardening store, garden center",
    "Gardener": "lawn service, tree service, landscaper and gardener",
    "Glazier": "glass and mirror sales service",
    "Gym": "gym and studio, fitness trainer",
    "Gynaecologist": "obstetrics and gynecology, obstetrician gynecologist",
    "Health food shop": "vitamin and supplement store, health food store",
    "Hearing aids": "hearing aid store, audiology",
    "Heating and air conditioning": "heating ventilating and air conditioning contractor, "
    "hvac supplier",
    "Holiday apartment": "holiday rental home, vacation rental",
    "IT company": "information technology company, software development, website designer, "
    "it consultant, technology business",
    "Interior decorator": "interior design",
    "Kitchen shop": "kitchen remodeling, kitchen remodeler, kitchen and bath store",
    "Laboratory": "laboratory testing, diagnostic imaging",
    "Lawyer": "attorney or law firm",
    "Locksmith": "key and locksmith",
    "Marketing agency": "internet marketing service, social media agency, public relations firm",
    "Martial arts": "martial arts club, martial arts dojo",
    "Massage": "massage therapy, massage clinic",
    "Motorcycle shop": "motorcycle repair",
    "Music shop": "musical instrument store, vinyl record store",
    "Night club": "dance club, nightclub",
    "Nursing home": "senior living facility, assisted living facility",
    "Optician": "eyewear store, optometry, eyecare store, vision or eye care clinic",
    "Orthodontist": "orthodontics",
    "Paediatrician": "pediatric clinic, pediatrics",
    "Painter": "painting",
    "Pastry shop": "patisserie cake shop, dessert shop, candy store, cupcake shop",
    "Pet boarding": "pet boarding, dog trainer, pet sitting and boarding service",
    "Petrol station": "gas station, fuel station",
    "Phone shop": "mobile phone store",
    "Photographer": "event photography service, session photography service, photography service",
    "Physiotherapist": "physical therapy, physical therapy clinic",
    "Pizzeria": "pizza restaurant",
    "Podiatrist": "podiatry",
    "Printer": "printing service, commercial printer",
    "Private investigator": "private investigation",
    "Psychotherapist": "psychology, psychotherapy, behavioral or mental health clinic, "
    "marriage or relationship counseling, mental health clinic",
    "Self storage": "self storage facility, storage facility",
    "Shoemaker": "shoe repair",
    "Speech therapist": "speech therapy",
    "Sports shop": "sporting goods store, sportswear store, outdoor store",
    "Stationery shop": "office supply store",
    "Surveyor": "land surveying, building and land surveyor",
    "Tailor": "sewing and alterations",
    "Tattoo studio": "tattoo and piercing",
    "Taxi": "taxi service, taxi or ride share service",
    "Tobacco shop": "smoke and vape store, vape store",
    "Translator": "translating and interpreting service",
    "Travel agency": "tour operator",
    "Tutoring": "tutoring service, test preparation",
    "Tyre shop": "tire dealer and repair, tire repair shop",
    "University": "college university, college and university",
    "Window maker": "windows installation, doors and windows contractor",
}


def understand(query: str) -> Question:
    """Return what a query means: its trade or category, else a part of it, else words of a name."""
    words = split_words(query)
    kept = tuple(word for word in words if fold(word) not in FILLERS) or words
    meanings = [Meaning(_categories(whole)) for whole in dict.fromkeys((words, kept)) if whole]
    for start, end in stretches(len(kept)):
        beside = kept[:start] + kept[end:]
        meanings.append(Meaning(_categories(kept[start:end]), tuple(words_of(" ".join(beside)))))
    return Question(tuple(meanings), tuple(words_of(" ".join(kept))))


def _categories(words: Words) -> frozenset[str]:
    """Return the names of the categories that these words may mean."""
    folded = tuple(map(fold, words))
    trade = find_trade(folded)
    names = {phrase_of(" ".join(words))}
    if trade is not None:
        names |= _names_of(trade)
    return frozenset(names | _cuisine(folded))


@cache
def _names_of(trade: Trade) -> frozenset[str]:
    phrases = [" ".join(phrase) for phrase in trade.phrases]
    tags = [
        selector[0].value
        for selector in trade.selectors
        if len(selector) == 1 and not selector[0].is_pattern
    ]
    also = ALSO.get(trade.title, "").split(", ")
    return frozenset(map(phrase_of, (*phrases, *tags, *also))) - {""}


def _cuisine(words: Words) -> frozenset[str]:
    """Return the categories of a restaurant with its cuisine, in any language and order."""
    kinds = [CUISINES[word] for word in words if word in CUISINES]
    others = tuple(word for word in words if word not in CUISINES)
    trade = find_trade(others)
    if len(kinds) != 1 or trade is None:
        return frozenset()
    if not any(selector[0].value in EATING for selector in trade.selectors):
        return frozenset()
    return frozenset({phrase_of(f"{kinds[0]} restaurant"), phrase_of(kinds[0])})
