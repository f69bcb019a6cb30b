"""Times one of the Python peers: `peers.py PEER DUMP NAMES SECONDS`. Prints one line of cells between tabs."""

import csv
import json
import sys
import time


def texts(path):
    with open(path, encoding="utf-8") as dump:
        for line in dump:
            yield json.loads(line)["text"]


def names(path):
    """(name or alias, type), each form once."""
    seen = set()
    with open(path, encoding="utf-8-sig", newline="") as rows:
        for row in csv.DictReader(rows):
            for form in [row["name"], *(row.get("aliases") or "").split("|")]:
                if form and form not in seen:
                    seen.add(form)
                    yield form, row["type"]


def flashtext(known):
    from flashtext import KeywordProcessor

    processor = KeywordProcessor(case_sensitive=True)
    for form, _ in known:
        processor.add_keyword(form)
    return lambda stream: (len(processor.extract_keywords(text)) for text in stream)


def pyahocorasick(known):
    import ahocorasick

    automaton = ahocorasick.Automaton()
    for form, kind in known:
        automaton.add_word(form, kind)
    automaton.make_automaton()
    return lambda stream: (sum(1 for _ in automaton.iter_long(text)) for text in stream)


def phrasematcher(known):
    import spacy
    from spacy.matcher import PhraseMatcher

    nlp = spacy.blank("en")
    matcher = PhraseMatcher(nlp.vocab)
    for label in ["person", "place", "organization"]:
        matcher.add(label, [nlp.make_doc(form) for form, kind in known if kind == label])
    return lambda stream: (len(matcher(doc, as_spans=True)) for doc in nlp.pipe(stream))


def entityruler(known):
    import spacy

    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": kind, "pattern": form} for form, kind in known])
    return lambda stream: (len(doc.ents) for doc in nlp.pipe(stream))


PEERS = {peer.__name__: peer for peer in [flashtext, pyahocorasick, phrasematcher, entityruler]}
CALLED = {"phrasematcher": "spaCy PhraseMatcher", "entityruler": "spaCy EntityRuler"}


def main():
    peer, dump, gazetteer, limit = sys.argv[1:]
    known = list(names(gazetteer))
    articles = list(texts(dump))
    begun = time.process_time()
    count = PEERS[peer](known)
    learnt = time.process_time() - begun
    found, read = 0, 0
    begun = time.process_time()
    # The stream ends when the time is over, so that batches are the peer's own business.
    taken = []

    def stream():
        for text in articles:
            if time.process_time() - begun > float(limit):
                return
            taken.append(len(text.encode()))
            yield text

    for here in count(stream()):
        found += here
    took = time.process_time() - begun
    read = sum(taken)
    if not found:
        sys.exit(f"{peer} found nothing")
    print(CALLED.get(peer, peer), learnt, read / 1e6, took, f"{found} names", sep="\t")


main()
