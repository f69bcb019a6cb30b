"""What surrounds articles on news sites: menus, teasers, scripts, style sheets, comments. All invented."""

import random

TOWNS = "Harrowby Lindmere Castell Oakhampton Velmar Brindle Torvik Ashdown Marlow Quenby Sarnholm Dunmore".split()
HEADLINES = [
    "{t} bridge to close for nine weeks", "Ferry workers in {t} vote for strike", "How {t} learned to love its trams",
    "Storm leaves 4,000 homes in {t} without power", "Opinion: {t} deserves a better library",
    "Five things to do in {t} this weekend", "{t} United sign striker on loan", "Bakery in {t} wins national prize",
    "Police in {t} look for witnesses after burglary", "Why house prices in {t} keep rising",
    "Review: a quiet film about {t} and its river", "{t} council delays decision on market hall",
    "Pupils from {t} build a weather station", "The last lighthouse keeper of {t}", "Fire at {t} sawmill under control",
    "{t} hospital opens new children's ward", "Mayor of {t} resigns over parking scandal",
    "Live: {t} marathon brings city to a standstill", "Podcast: who owns the fields around {t}?",
]
SUMMARIES = [
    "Residents say they were told too late, and the works department admits that letters went out with the wrong date.",
    "It took three years, two inquiries and a change of government, but the plan is finally back on the table.",
    "Experts warn that the figures tell only half of the story, and that winter will be the real test.",
    "We spoke to people who have lived there for decades, and asked them what they would do differently.",
    "The club confirmed the news on Tuesday evening, hours after pictures had appeared on social media.",
    "A spokeswoman declined to comment on the details, but said that talks would go on over the weekend.",
    "Our critic found much to admire, even if the last half hour could have been shorter.",
]
REMARKS = [
    "Completely agree with this, the council should have acted years ago and now we all pay for it.",
    "Not a single word about who paid for the study. Typical, and I have been saying so since 2015.",
    "My grandmother lived on that street, and she would have laughed at the very idea of it.",
    "Can somebody explain to me why it is always the same two companies that get these contracts, please?",
    "I was there on the day and it was nothing like what is described here, there were maybe forty people.",
    "Great reporting, thank you. More of this and less celebrity gossip, and I will renew my subscription.",
    "You clearly did not read the article. The second paragraph says exactly the opposite of what you claim!",
    "Well, he would say that, wouldn't he? Let us wait and see what the court has to say in the spring.",
    "As somebody who has worked in the industry for 22 years, I can tell you that the numbers don't add up.",
]
NAMES = "riverrat72 Old_Tom Jenny.K marmalade skeptic_99 GardenFan Paul-from-Brindle nightbus ohdear Hilda B.".split()
SECTIONS = "News World Politics Business Sport Culture Travel Weather Opinion Science Health Video Podcasts".split()


class Chrome:
    """Pieces of a page, the same for the same seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def headline(self):
        return self.random.choice(HEADLINES).format(t=self.random.choice(TOWNS))

    def summary(self):
        return self.random.choice(SUMMARIES)

    def remark(self):
        return " ".join(self.random.sample(REMARKS, self.random.randint(1, 3)))

    def name(self):
        return self.random.choice(NAMES)

    def slug(self, text):
        return "".join(c if c.isalnum() else "-" for c in text.lower()).strip("-")

    def number(self):
        return self.random.randint(10_000, 99_999)

    def menu(self, item='<li><a href="/{s}">{t}</a></li>', rounds=1):
        rows = []
        for _ in range(rounds):
            for section in SECTIONS:
                rows.append(item.format(s=section.lower(), t=section))
                for town in self.random.sample(TOWNS, 4):
                    rows.append(item.format(s=f"{section.lower()}/{town.lower()}", t=f"{section} in {town}"))
        return "\n".join(rows)

    def teasers(self, count, form):
        rows = []
        for _ in range(count):
            h = self.headline()
            rows.append(form.format(h=h, s=self.summary(), u=f"/{self.slug(h)}-{self.number()}.html", n=self.number()))
        return "\n".join(rows)

    def comments(self, count, form):
        return "\n".join(
            form.format(a=self.name(), c=self.remark(), n=self.number(), h=self.random.randint(2, 23))
            for _ in range(count)
        )

    def style(self, rules):
        return "".join(
            f".c{self.number()}-{i}{{margin:{i % 9}px auto;padding:0 {i % 7}rem;color:#{self.number():06d};display:flex}}"
            for i in range(rules)
        )

    def script(self, lines):
        return "\n".join(
            f'window._q=window._q||[];_q.push(["ev{i}",{{id:{self.number()},h:"<p>{self.headline()}</p>",ok:{i}<3&&true}}]);'
            for i in range(lines)
        )

    def svg(self):
        return (
            '<svg viewBox="0 0 24 24" aria-hidden="true"><title>icon</title><path d="M'
            + " ".join(f"{self.random.random() * 24:.2f}" for _ in range(40))
            + 'z"/></svg>'
        )
