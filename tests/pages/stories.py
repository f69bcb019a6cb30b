"""The articles: invented people, places and events, as HTML of one paragraph each; and what a reader should find."""

BROADSHEET = [
    "The port authority of Velmar said on Tuesday that it would hand the night ferries to Lindmere to a private operator from September, ending 112 years of public service on the route.",
    "&ldquo;Nobody here takes this lightly,&rdquo; said Helga Brandvik, the authority&rsquo;s director. &ldquo;But we have lost nine million crowns in two winters, and the boats are older than most of their captains.&rdquo;",
    "The announcement came three weeks after the crews&#8217; union, <a href=\"/topic/seafarers\">the Seafarers&#8217; League</a>, had threatened to stop all sailings over the Easter holidays. Its chairman, Ruben Castellanos, called the decision &ldquo;a gift to people who have never pulled a rope.&rdquo;",
    "Under the plan, which still needs the approval of the regional parliament, the operator Norrland Lines would run four crossings a night instead of six. Fares would be frozen until 2025, and the oldest of the three vessels, the <em>Sankt Olaf</em>, would be sold.",
    "Some passengers on the quay in Lindmere said that they had expected worse. &ldquo;As long as it goes, it goes,&rdquo; said Tilda Mwangi, a nurse who crosses four times a week. Others wondered who would pay for the empty boats in November.",
    "Ms. Brandvik said that no member of the crews would lose work before the end of the year. The union said it had heard that sentence before, in 2009, and that 41 people had been dismissed within seven months of it.",
    "The regional parliament will debate the plan on April 4. Its transport committee, led by the Liberal deputy Osman Kaya, has asked for the contracts to be published; the port authority said that it would do so &ldquo;in due time.&rdquo;",
]
TABLES = [
    "The dam above the village of Sarnholm will have to be emptied before the thaw, engineers told the district council on Monday. A crack that was first seen in November has grown to a length of 14 metres.",
    "\u201cWe are not speaking of danger for tomorrow, but we are speaking of danger for May,\u201d said Professor Lennart Oe\xdfer of the technical college in Torvik, who led the inspection.",
    "About 900 people live below the dam. The council\u2019s chairman, Einar Dahl, promised that nobody would have to leave home this winter. He said the caf\xe9 by the weir and two farms would be given new roads.",
    "The power company, which has owned the dam since 1958, put the costs at 31 million crowns. It said that it would not pass them on to its customers \u2014 \u201cnot this year,\u201d as its spokeswoman Berit Moe put it.",
    "Villagers remember the flood of 1967, when the bridge was washed away. \u201cMy father stood up to his chest in the barn,\u201d said Gudrun Lie, 71, \u201cand he would not let go of the cow.\u201d",
    "Work is to begin on the first of March. The road to Upper Sarnholm will be closed to lorries until it is finished, probably in the autumn of next year.",
]
AMP = [
    "Meteorologists in Ashdown have released what they say is the ten thousandth weather balloon since the station on the hill was opened in 1948, and it climbed higher than any before it.",
    "The balloon, no larger than a wardrobe when it left the ground shortly after six in the morning, burst at a height of 38.4 kilometres. \"We were cheering like at a football match,\" said Dr Amara Osei, who runs the station.",
    "Its instruments sent back temperatures of minus 71 degrees. They also found a layer of dry air that, according to the researchers, explains why forecasts for the coast had been wrong on eleven days in October.",
    "Last winter the station counted 44 days with frost, more than in any year since 1963. Most of the balloons are lost at sea; a label asks whoever finds one to send it back, and about one in six comes home.",
    "\"One came back from a fisherman with a note that said: too salty for eating,\" Osei said. She keeps the note above her desk, beside a photograph of her predecessor, Walter Pym, who released more than 3,000 balloons with his own hands.",
    "The national weather service wants to replace two of the four daily flights with measurements from airliners. The staff in Ashdown are against it. Aircraft, they say, avoid exactly the weather that one wants to know about.",
]
WORDPRESS = [
    "The Quenby Community Choir will sing again. Two years after a burst pipe ruined its rehearsal room, its archive and a grand piano, the choir has found a home in the former fire station on Alder Street.",
    "&#8220;We sang in a garage, in a school kitchen and once in a bus,&#8221; said conductor Imogen Vale, laughing. &#8220;You learn what people are made of.&#8221;",
    "The town sold the station to the choir for a single dollar in June. Volunteers have since laid 200 square yards of floor, painted three walls and, after a long vote, left the fourth one red.",
    "Treasurer Dale Kowalczyk said the repairs had cost $64,000, nearly all of it from bake sales and two anonymous gifts. He would not say who gave them, but admitted that one had arrived in a shoe box.",
    "Not everyone is pleased. Neighbours have asked that rehearsals end at nine, and the owner of the bar next door fears for his parking lot. Vale has invited them all to sit in the front row.",
    "The first concert is planned for October 12, with works by local composers and a song about the burst pipe. Tickets are $8, children pay nothing.",
    "Singers of every level may join, Vale said, and nobody has to read music.",
]
LIVE_POSTS = [
    ("18:40", "Budget passes by three votes", ["The budget has passed. The speaker, Lord Hamish Ferro, read out the numbers at 18.37: 151 for, 148 against, four abstentions. There was silence, and then somebody on the back benches began to clap.", "The finance minister, Petra Lindqvist, left the chamber without a word to reporters."]),
    ("17:55", "Opposition leader: \u2018a budget written on a napkin\u2019", ["In the last speech of the debate the leader of the opposition, Callum Reyes, tore up a copy of the budget. \u201cThis was written on a napkin, and the napkin had better handwriting,\u201d he said.", "The speaker asked him to pick up the pieces. He did."]),
    ("16:20", "Farmers block the bridge", ["Around 60 tractors have closed the Old Bridge in Harrowby. Their spokesman, Joost van der Veen, says that they will stay until somebody comes out to talk about the diesel tax.", "Police say that traffic is being led over the ring road and that the mood is friendly."]),
    ("14:05", "What is in the budget", ["The budget foresees spending of 88 billion, four per cent more than last year. Schools get the largest share of what is new; the coast guard loses two boats.", "The institute for public finance said in a first reading that the income from the new lottery was \u201chopeful at best\u201d."]),
    ("09:12", "Good morning from parliament", ["Welcome to a long day. The debate on the budget begins at ten, and the government has a majority of two, if everybody comes. One of its members, Agnes Thorn, is said to be in hospital with a broken ankle."]),
]
GALLERY = [
    "For forty years, Stavros Kell has been planting trees on a slag heap that the mine left behind. Now the garden above Marlow has been named a monument of the state.",
    "\"They told me that nothing would grow, so I began with nettles,\" says Kell, who is 83 and worked in the mine until it closed in 1979. \"Nettles do not ask for permission.\"",
    "After the nettles came birches, and after the birches came wrens. Today there are 214 kinds of plants on the heap, according to a count by the botanical institute in Dunmore, and eleven of them grow nowhere else in the district.",
    "His daughter Ioanna, a surveyor, made the first map of the paths two years ago. She says it took her four weekends and a bottle of ouzo to make her father agree to signs.",
    "The monument office will pay for a fence and for water. What it cannot pay for, says its head, Marguerite Osborne, is a successor: \"We can protect a garden, but not a gardener.\"",
    "Visitors may come on the first Sunday of each month. They should wear boots, and they should not call the heap a heap. \"It is a hill,\" says Kell. \"Somebody just put it here.\"",
]
CAPTIONS = [
    "Stavros Kell among the birches that he planted in the spring of 1984, on a terrace held by old conveyor belts.",
    "Ioanna Kell measures the northern path; behind her is the winding tower, which will be pulled down next year.",
    "A wren's nest in a miner's lamp, one of the objects that are kept in the shed at the entrance.",
    "The view over Marlow on a clear day reaches as far as the sea, more than sixty kilometres away.",
    "Pupils of the primary school carry compost up the slope, as they have done each May since 2006.",
]
ENDLESS = [
    "The river pool in Brindle, a wooden bath from 1926 that floats on the Arl, will open this summer for the first time in 31 years. The town council voted on Wednesday evening, by nineteen to four, to lend the swimmers' club 400,000 crowns.",
    "\"I learned to swim there with a rope around my belly, and my children will learn it there without one,\" said Hedda Marsh, the chairwoman of the club, to applause from the gallery.",
    "The pool was closed in 1993, when the water of the river was as brown as tea and twice as warm as it should have been. Since the paper mill upstream shut its gates, it has become one of the cleanest rivers in the country.",
    "Opponents had spoken of a bottomless barrel. Councillor Matthias Roe reminded the meeting of the ice rink, which had cost three times what was planned. \"I like swimming,\" he said. \"I just like it in pools that exist.\"",
    "The club hopes for 20,000 visitors a year. It has found a carpenter, 68-year-old Pavel Horak, who still knows how the pontoons were built, since his father built them.",
    "Work begins in March, if the ice allows it. The diving tower, a landmark of the town, will be put up again in its old colours, white and green.",
]
OTHERS = [
    ("Bakers want earlier mornings", "2024-01-17", [
        "The bakers of the district have asked the council for leave to begin work at two in the morning instead of three. They say that customers want warm bread at five, when the early shift at the cable works begins.",
        "\"We are up anyway,\" said the guild's master, Jorun Falk. A decision is expected in February, after the neighbours have been heard about the noise of the mixers and the vans.",
        "The cable works welcomed the idea and offered to pay for quieter vans.",
    ]),
    ("Library gets its clock back", "2024-01-16", [
        "The clock of the town library, which was stolen in 2019 and found in an orchard, hangs again above the entrance. It is eleven minutes slow, as it has always been.",
        "The librarian, Sven Olander, said that nobody would be allowed to put it right, because the whole town had learned to reckon with it.",
    ]),
]
AGENCY = [
    "DUNMORE, Dec 5 (DNA) \u2013 The pact covers wheat, barley and rapeseed and runs until the end of 2015, agriculture minister Fabienne Cl\xe9ment told a news conference after talks that had lasted until four in the morning.",
    "\u201cWe have what we wanted, and they have what they needed,\u201d Cl\xe9ment said. \u201cI would call that a good night\u2019s work.\u201d",
    "Prices on the commodity exchange in Castell fell by 2.4 percent in early trading. A tonne of wheat for delivery in March cost \u20ac251, the lowest since August.",
    "The farmers\u2019 union, which had not been invited, was less pleased. Its president, Bruno Vasseur, spoke of a \u201cdark day for every field north of the river\u201d and did not rule out protests in front of the ministry.",
    "Under the pact the two countries will tell each other of harvest forecasts ten days before they are published. Analysts said that this might calm a market in which rumours had moved prices more than rain in the past year.",
    "A similar pact in 2004 was broken after seven months, when Velmar stopped its exports because of a drought.",
]
FORUM = [
    "The cinema in Castell that burned down in June will not be built again. Its owner, the brewery Adler &amp; Sons, said on Thursday that the insurance would pay less than half of what a new house would cost.",
    "\u201cWe have done the sums three times, and each time they came out worse,\u201d managing director Ottilie Adler told Castell Today. The plot at the market square is to be sold to the town.",
    "Mayor Kaspar Lind said that he could imagine a hall for concerts there, <i>or</i> a garden. He did not want to speak about money yet.",
    "More than 3,000 people have signed a petition for the cinema. It was started by the former projectionist, Bernd Huss, who had saved two reels and the ticket machine from the flames.",
]
MAGAZINE = [
    "In the summer that I was nine, my uncle let me drive the tractor to the edge of the bog and no farther. Beyond the edge, he said, the ground was only pretending.",
    "I thought of him in February, when I stood at the same edge with Aoife Brennan, an engineer who is paid to put the water back. The ditches that my uncle dug in the fifties are being closed, one by one, with boards of larch and with what she calls &ldquo;a great deal of arguing.&rdquo;",
    "There is money in it now. A hectare of wet bog keeps as much carbon in the ground as a car blows out in eleven years, and companies will pay for it. Brennan&rsquo;s project, on land that nobody wanted, has sold un<b>certified</b> credits to a bank, a brewery and a maker of coffins.",
    "&ldquo;The coffins made sense to me,&rdquo; she said. &ldquo;They are in the business of keeping things in the ground.&rdquo;",
    "Not everybody laughs. At a meeting in the parish hall, Donal Reidy, whose family has cut turf for six generations, asked what he should burn in winter. A man from the ministry said there would be grants for heat pumps. Reidy asked whether a heat pump had a smell.",
    "The bog, meanwhile, has begun to answer. Sundew came back in the first year, curlews in the third. At night, if you stand where the tractor stood, you can hear it: a slow, wet ticking, like a clock that has all the time in the world.",
    "My uncle died in 1998. He is buried on the hill, in dry ground, as he had asked. I like to think that he would have come round; he always said that the bog would have the last word.",
]
REGIONAL = [
    "The council of Sarnholm has bought back the open-air pool in the Elm Valley for one crown, eight years after selling it to an investor for the same sum. The vote on Monday evening was unanimous.",
    "\"It is the best and the worst bargain that I have ever signed,\" said Mayor Annika Borg. The pool, which was closed in 2009, needs a new basin, new pipes and a new roof for the changing rooms.",
    "An engineer's report, which the council read behind closed doors, speaks of 6.2 million crowns. The friends of the pool think that it can be done for four, if people help.",
    "Their chairman, Detlef Gruen, has already bought 70 shovels. \"Whoever has a back may come,\" he told this newspaper, \"and whoever has none may bring cake.\"",
    "The investor, a company based in Velmar, had planned holiday homes on the land, but never asked for a permit. It could not be reached for comment on Tuesday.",
    "The pool could open in 2020 at the earliest. Until then the children of Sarnholm will go on swimming in the quarry, which is forbidden, and which everybody does.",
]
BROADCASTER = [
    "A cliff path that has been walked for three centuries may have to be given up to the sea, the council in Lindmere has said.",
    "Parts of the path fell in January, after the wettest month on record. Nobody was hurt, but a bench and a memorial to drowned sailors were lost.",
    "\"It is heartbreaking,\" said the ranger Moira Gant, who has looked after the path for 26 years. \"You come in the morning, and the morning is not where you left it.\"",
    "The council says that a new path, 200 metres inland, could be ready by next spring. It would cross land that belongs to two farms.",
    "One of the farmers, Hugh Pellow, told Radio Lindmere he would agree if the council kept dogs on leads and people off his barley. \"I am not an unreasonable man,\" he said. \"But I have met walkers.\"",
    "A decision will be taken in March, councillor Devika Rao said. She added that the sailors would get their memorial back, \"a little further from what drowned them\".",
]
PORTAL = [
    "Velmar\u2019s tram drivers have ended their strike after nineteen days. The first cars left the depot at four o\u2019clock this morning, decorated with flowers, and passengers on line 6 travelled free until noon.",
    "The agreement was signed shortly before midnight at the town hall. \u201cWe did not get everything, but we got the Sundays,\u201d said \u015eirin G\xfcndo\u011fan, who spoke for the drivers.",
    "According to the transport company, drivers will have two free Sundays a month and earn 4.1 percent more. The company\u2019s head, Ferdinand Roth, said that the strike had cost 12 million crowns and \u201csome grey hair.\u201d",
    "Shopkeepers along the tramway were relieved. Some had lost half of their customers; the florist at Lion Square said that she had sold her roses to the strikers.",
    "The agreement runs for three years. A commission is to look into the night timetable, which had been the reason for the quarrel, by the end of the summer.",
]

QUOTE = "Singing in a cold room teaches you to breathe. Singing in a flooded one teaches you to leave."

STORIES = {
    "broadsheet": {
        "title": "Velmar to Hand Night Ferries to Private Operator, Ending a Century of Public Boats",
        "lead": "The port authority says that it cannot afford the route. The crews say that they were never asked.",
        "text": BROADSHEET,
        "expected": {
            "date": "2023-03-14", "author": "Maren Holt; Tobias Lund", "outlet": "The Velmar Courier", "language": "en",
            "url": "https://courier.example/2023/03/14/ferries.html",
            "text": ["The port authority says that it cannot afford the route. The crews say that they were never asked.", *BROADSHEET],
        },
    },
    "tables": {
        "title": "Crack in Sarnholm dam grows, council told to empty lake",
        "text": TABLES,
        "expected": {"date": "2004-02-03", "author": "Agneta Rask", "outlet": "Torvik Telegraph Online", "text": TABLES},
    },
    "amp": {
        "title": "Ten thousandth balloon over Ashdown sets a record",
        "text": AMP,
        "expected": {
            "date": "2021-11-02", "author": "Lio Brandt", "outlet": "Ashdown Post", "language": "en",
            "url": "https://ashdownpost.example/science/balloons", "text": [*AMP[:3], "A winter of records", *AMP[3:]],
        },
    },
    "wordpress": {
        "title": "After the flood, Quenby&#8217;s choir moves into the fire station",
        "text": WORDPRESS,
        "quote": QUOTE,
        "subhead": "What the choir still needs",
        "list": ["Two dozen folding chairs, in any colour", "A coffee machine that does not hiss in the key of D", "Tenors"],
        "expected": {
            "date": "2019-09-20", "author": "Rosa Ferrant", "outlet": "Quenby Voice", "language": "en",
            "url": "https://quenbyvoice.example/2019/09/choir/",
            "text": [*WORDPRESS[:2], QUOTE, *WORDPRESS[2:], "What the choir still needs", "Two dozen folding chairs, in any colour", "A coffee machine that does not hiss in the key of D", "Tenors"],
        },
    },
    "liveblog": {
        "title": "Budget vote: government wins by three after long day in Harrowby",
        "lead": "All the latest from the day on which parliament voted on the budget, and on the future of the coalition.",
        "posts": LIVE_POSTS,
        "expected": {
            "date": "2022-06-08", "author": "Dora Lind", "outlet": "The Harrowby Mail", "language": "en",
            "url": "https://www.harrowbymail.example/live/2022/jun/08/budget-vote",
            "text": ["All the latest from the day on which parliament voted on the budget, and on the future of the coalition.", *(t for _, h, ps in LIVE_POSTS for t in [h, *ps])],
        },
    },
    "gallery": {
        "title": "The miner who made a garden of a slag heap",
        "text": GALLERY,
        "captions": CAPTIONS,
        "expected": {
            "date": "2018-05-06", "author": "Beatriz Moro", "outlet": "Marlow Herald", "language": "en",
            "url": "https://marlowherald.example/garden", "text": GALLERY,
        },
    },
    "endless": {
        "title": "Brindle lends swimmers the money for the river pool",
        "text": ENDLESS,
        "pull": "I learned to swim there with a rope around my belly",
        "others": OTHERS,
        "expected": {
            "date": "2024-01-18", "author": "Nils Aker", "outlet": "Brindle Week", "language": "en",
            "url": "https://brindleweek.example/a/river-pool", "text": ENDLESS,
        },
    },
    "agency": {
        "title": "Dunmore and Velmar agree on grain pact",
        "lead": "Dunmore and Velmar agreed on Wednesday to limit their exports of grain for three years, officials from both sides said.",
        "text": AGENCY,
        "expected": {
            "date": "2012-12-05", "author": "Pascal Dume", "outlet": "Dunmore News Agency", "language": "en",
            "text": ["Dunmore and Velmar agreed on Wednesday to limit their exports of grain for three years, officials from both sides said.", *AGENCY],
        },
    },
    "forum": {
        "title": "No new cinema for Castell",
        "text": FORUM,
        "expected": {
            "date": "2016-08-11", "author": "Greta Ilves", "outlet": "Castell Today", "language": "en",
            "url": "https://castelltoday.example/n/4410", "text": FORUM,
        },
    },
    "magazine": {
        "title": "The Ground Was Only Pretending",
        "lead": "What happens when a country decides to put the water back into its bogs.",
        "text": MAGAZINE,
        "expected": {
            "date": "2020-07-30", "author": "Ciara Nolan", "outlet": "Oakhampton Review", "language": "en",
            "url": "https://oakreview.example/essays/peat",
            "text": ["What happens when a country decides to put the water back into its bogs.", *MAGAZINE],
        },
    },
    "regional": {
        "title": "Sarnholm buys back its pool for one crown",
        "lead": "Eight years after the sale, the town wants to repair the pool in the Elm Valley, with help from its citizens.",
        "text": REGIONAL,
        "expected": {
            "date": "2017-10-03", "author": "Ulla Sten", "outlet": "Sarnholm Gazette", "language": "en",
            "url": "https://sarnholm.example/pool-1.1234",
            "text": ["Eight years after the sale, the town wants to repair the pool in the Elm Valley, with help from its citizens.", *REGIONAL],
        },
    },
    "broadcaster": {
        "title": "Cliff path in Lindmere may be lost to the sea for good",
        "subhead": "A way across the barley",
        "text": BROADCASTER,
        "expected": {
            "date": "2022-02-17", "author": "Femi Adler", "outlet": "Lindmere Broadcasting", "language": "en",
            "url": "https://www.lbc.example/news/9",
            "text": [*BROADCASTER[:3], "A way across the barley", *BROADCASTER[3:]],
        },
    },
    "portal": {
        "title": "Tram strike in Velmar ends after nineteen days",
        "lead": "Drivers get two free Sundays a month and a little more money.",
        "text": PORTAL,
        "expected": {
            "date": "2010-04-22", "outlet": "Velmar Portal",
            "text": ["Drivers get two free Sundays a month and a little more money.", *PORTAL],
        },
    },
}
