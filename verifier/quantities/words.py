"""The words that tell what a number measures or counts."""

from __future__ import annotations

from typing import Final

from verifier.quantities.values import Dimension, Toll


def _units(dimension: Dimension, table: str) -> dict[str, tuple[Dimension, float]]:
    """A line a unit: its size in the base unit, then its spellings."""
    rows = (line.split() for line in table.strip().splitlines())
    return {word: (dimension, float(row[0])) for row in rows for word in row[1:]}


UNITS: Final = (
    _units(Dimension.LENGTH, """0.01 centimetre centimetres centimeter centimeters cm
        0.001 millimetre millimetres millimeter millimeters mm
        0.0254 inch inches
        0.3048 foot feet ft
        0.9144 yard yards
        1 metre metres meter meters
        1000 kilometre kilometres kilometer kilometers km kms
        1609.344 mile miles""")
    | _units(Dimension.AREA, """4046.86 acre acres
        10000 hectare hectares ha""")
    | _units(Dimension.MASS, """0.001 gram grams gramme grammes
        0.0283495 ounce ounces
        1 kilogram kilograms kilogramme kilogrammes kg kgs kilo kilos
        1000 tonne tonnes ton tons""")
    | _units(Dimension.VOLUME, """1 litre litres liter liters
        3.78541 gallon gallons
        158.987 barrel barrels""")
    | _units(Dimension.SPEED, """1 kph kmh
        1.609344 mph
        1.852 knot knots""")
    | _units(Dimension.POWER, """1000 kilowatt kilowatts kw
        1e6 megawatt megawatts mw
        1e9 gigawatt gigawatts gw""")
    | _units(Dimension.TIME, """1 second seconds
        60 minute minutes
        3600 hour hours
        86400 day days
        604800 week weeks
        2629746 month months
        31556952 year years
        315569520 decade decades""")
)  # fmt: skip
TONS: Final = frozenset({"ton", "tons"})
TON_SLACK: Final = 0.1  # short, long and metric tons
SQUARES: Final = frozenset({"square", "sq"})
DEGREES: Final = frozenset({"degree", "degrees", "°"})
CELSIUS: Final = frozenset({"celsius", "c", "centigrade"})
FAHRENHEIT: Final = frozenset({"fahrenheit", "f"})
RATES: Final = {
    "hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month", "annually": "year", "yearly": "year",
    "annual": "year", "each": "each", "apiece": "each", "hour": "hour", "hours": "hour", "day": "day", "week": "week", "month": "month",
    "year": "year", "person": "person", "head": "person", "household": "household", "family": "family", "capita": "person",
    "ton": "ton", "tonne": "ton", "barrel": "barrel", "gallon": "gallon", "litre": "litre", "liter": "litre", "kilo": "kilo",
    "share": "share",
    "second": "second", "minute": "minute", "mile": "mile", "kilometre": "kilometre", "acre": "acre", "annum": "year",
}  # fmt: skip
SYMBOLS: Final = {
    "$": "usd",
    "£": "gbp",
    "€": "eur",
    "¥": "jpy",
    "₹": "inr",
    "₽": "rub",
    "₺": "try",
    "₩": "krw",
    "₪": "ils",
    "₦": "ngn",
}
CODES: Final = {
    "rs": "rupee", "usd": "usd", "us": "usd", "eur": "eur", "gbp": "gbp", "inr": "inr", "pkr": "pkr", "cad": "cad", "aud": "aud",
    "ksh": "kes", "chf": "chf", "jpy": "jpy", "cny": "cny", "rmb": "cny",
}  # fmt: skip
CURRENCIES: Final = {
    "dollar": "usd", "dollars": "usd", "euro": "eur", "euros": "eur", "rupee": "rupee", "rupees": "rupee", "yen": "jpy", "yuan": "cny",
    "renminbi": "cny", "rouble": "rub", "roubles": "rub", "ruble": "rub", "rubles": "rub", "crown": "crown", "crowns": "crown",
    "peso": "peso", "pesos": "peso", "franc": "franc", "francs": "franc", "lira": "try", "naira": "ngn", "rand": "zar", "riyal": "riyal",
    "riyals": "riyal", "shekel": "ils", "shekels": "ils", "won": "krw", "dinar": "dinar", "dinars": "dinar", "taka": "bdt",
    "shilling": "shilling", "shillings": "shilling", "sterling": "gbp",
}  # fmt: skip
NATIONS: Final = {
    "us": "usd",
    "american": "usd",
    "canadian": "cad",
    "australian": "aud",
    "indian": "inr",
    "pakistani": "pkr",
    "british": "gbp",
}
CENTS: Final = {"cent": "usd", "cents": "usd"}
POUNDS: Final = frozenset({"pound", "pounds", "lb", "lbs"})
WEIGHING: Final = frozenset({"weigh", "weighs", "weighed", "weighing", "weight", "of", "heavy", "heavier", "lighter"})

PEOPLE: Final = frozenset(
    {"people", "person", "persons", "life", "lives", "victim", "victims", "individual", "individuals"}
)
PERSONS: Final = frozenset(
    """man men woman women child children boy boys girl girls soldier soldiers troop troops civilian civilians policeman
    policemen officer officers police militant militants passenger passengers worker workers student students migrant migrants
    refugee refugees resident residents villager villagers protester protesters protestor protestors pilgrim pilgrims fighter
    fighters insurgent insurgents terrorist terrorists rebel rebels member members patient patients doctor doctors nurse nurses
    journalist journalists prisoner prisoners guard guards player players tourist tourists kid kids crew staff employee employees
    pupil pupils teacher teachers fan fans motorist motorists driver drivers firefighter firefighters miner miners sailor sailors
    fisherman fishermen citizen citizens national nationals hostage hostages suspect suspects gunman gunmen attacker attackers
    bystander bystanders rescuer rescuers worshipper worshippers farmer farmers lawyer lawyers inmate inmates minor minors
    baby babies infant infants toddler teenager teenagers adult adults patrolman patrolmen marine marines personnel guest guests
    activist activists demonstrator demonstrators bomber bombers cadet cadets survivor survivors household households family
    families evacuee evacuees pensioner pensioners delegate delegates voter voters""".split()
)
IRREGULAR: Final = frozenset({*PEOPLE, *PERSONS, "sheep", "fish", "cattle", "aircraft", "pages", "seats", "votes"})


def _tolls(table: dict[Toll, str]) -> dict[str, Toll]:
    return {word: toll for toll, words in table.items() for word in words.split()}


TOLL_NOUNS: Final = _tolls(
    {
        Toll.DEAD: "death deaths fatality fatalities dead lives",
        Toll.INJURED: "injury injuries wounded injured",
        Toll.ARRESTED: "arrest arrests detention detentions",
        Toll.INFECTED: "case cases infection infections",
        Toll.MISSING: "missing",
        Toll.ABDUCTED: "hostages",
    }
)
TOLL_VERBS: Final = _tolls(
    {
        Toll.DEAD: """dead died die dies dying killed kill kills killing killings perished slain slaughtered murdered drowned toll
        deaths death fatalities massacred claimed claiming""",
        Toll.INJURED: "injured injures injuring injure wounded wounding wounds hurt maimed injuries",
        Toll.MISSING: "missing unaccounted",
        Toll.ARRESTED: "arrested arresting arrests arrest detained detaining custody rounded",
        Toll.DISPLACED: "displaced displacing displaces fled uprooted",
        Toll.INFECTED: "infected infecting cases infections",
        Toll.RESCUED: "rescued rescuing saved rescues",
        Toll.ABDUCTED: "kidnapped kidnapping abducted abducting",
    }
)
TRANSITIVE: Final = frozenset(
    "killed injured wounded hurt arrested detained rescued saved kidnapped abducted evacuated infected slain murdered displaced".split()
)
BEING: Final = frozenset("was were are been be being is have has had got get getting confirmed reported".split())
RISING: Final = frozenset(
    "rose rise rises risen rising climbed climbs climbing jumped stands stood standing reached reaches passed topped is was now".split()
)
LINKS: Final = frozenset(
    """to at of toll number count rose rise rises risen rising climbed climbs climbing jumped stands stood standing now has have
    had been is was were as the lives a another left leaving put brought bringing reached reaches passed topped hit tally people
    including total totalled totaled""".split()
)


def is_person(noun: str) -> bool:
    """Whether a counted noun can be a person; names of peoples ("Pakistanis") and makers of things ("-ers") can."""
    return noun in PEOPLE or noun in PERSONS or noun.endswith(("ists", "ians", "anis", "men", "ees", "ants"))
