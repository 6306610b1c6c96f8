"""Classes of words that do the same work in a sentence: what denies, what charges, what insults.

A few thousand examples cannot show every insult or every way to call a charge false; the classes let what is learned
from one word of a class serve the others. A form belongs to a class if it matches one of its beginnings (`accus` for
accuse, accused, accusation) or, marked by a final dot, is that very word. The lists were written for this project.
"""

from __future__ import annotations

CLASSES = {
    "you": "you. your. you're. yours. yourself. yourselves. u. ur. youre. ya. ye. yer.",
    "i": "i. i'm. i've. i'd. me. my. myself. mine.",
    "they": "he. she. him. her. his. hers. they. them. their. he's. she's. they're.",
    "not": (
        "no. not. never. none. nothing. nobody. nowhere. without. neither. nor. cannot. can't. don't. doesn't. "
        "didn't. isn't. aren't. wasn't. weren't. won't. wouldn't. hasn't. haven't. hardly. ain't. zero. nil."
    ),
    "antisemitic": "antisemit",
    "jewish": (
        "jew. jews. jewish jewess rabbi synagog kosher shabbat semit israel zion hebrew kippa yarmulk holocaust shoah."
    ),
    "racist": "racis bigot prejud hatred. xenophob islamophob homophob transphob misogyn sexis fascis nazi",
    "trope": (
        "trope globalist rothschild soros. bankers. cabal. puppet puppeteer lobby. libel. blood. tentacle. "
        "cosmopolitan loyalt parentheses echo shylock. hooked. nose. shekel shylock protocols."
    ),
    "false": (
        "false falsely baseless groundless fake faux phoney phony trumped bogus invent concoct fabricat manufactur "
        "confect spurious untrue lie. lies. debunk unfounded unproven exaggerat distort misrepresent twist conflat "
        "contrived"
    ),
    "absurd": (
        "ludicrous absurd ridiculous laughabl nonsens rubbish. farc preposterous hysteri bollocks. bull. twaddl "
        "tripe. bunk. hogwash. daft silly. joke. laugh. idiotic. insulting. unfair unjust outlandish bonkers. piffle. "
        "tosh. garbage. claptrap."
    ),
    "smear": (
        "smear slur. slurs. slander defam mudsling discredit weaponi witch witchhunt hunt. hunts. malicious pretext "
        "cynical tactic. stick. ammunition. hatchet. stitch. purge plot. campaign."
    ),
    "notion": "idea. notion. suggestion supposed so-called thought. belief. pretend",
    "charge": (
        "accus alleg claim charge. charges. charged. complain label. labels. labelled. labelling. brand. branded. "
        "denounc call. called. calling. insinuat imply implies implied"
    ),
    "proceeding": (
        "suspend expel expuls clear. cleared. investigat inquiry report reported tribunal panel hearing appeal "
        "reinstat disciplin statement spokes ruling rule. verdict acquit"
    ),
    "ask": (
        "evidence proof prove example. examples. quote. specif which. where. source. show. cite. substantiat name."
    ),
    "defend": "defend innocen unfair apolog friend. friends. decades. lifelong campaign. never. record.",
    "define": (
        "defin definition ihra means. meaning term. terms. historian history. century. word. origin context scholar"
    ),
    "indignant": (
        "disgust shame. ashamed. shameful. appal vile. sicken disgrac horrif revolt outrag abhor repuls shock "
        "despicabl repugnan loathsome stomach. ugly. poison nasty. foul. filth stain. chilling. grotesqu"
    ),
    "here": (
        "this. these. here. blog blogger comment. comments. commenter thread. page. site. article post. posts. below. "
        "above. editor. section."
    ),
    "insult": (
        "idiot moron imbecil cretin clown. clowns. muppet pillock plonker numpty twit. twits. twerp wally. prat. "
        "prats. berk. git. gits. tosser wanker knob. knobhead dickhead arse arsehole asshole bastard bellend shill. "
        "shills. troll. trolls. liar. liars. coward. cowards. hypocrit fraud. fraudster charlatan crook. crooks. "
        "weasel rat. rats. snake. snakes. worm. worms. leech parasit maggot scum. scumbag vermin. pig. pigs. swine. "
        "dog. donkey. ass. jackass buffoon dimwit halfwit nitwit dunce. dolt. dolts. dope. fool. fools. simpleton "
        "ignoram nincompoop blockhead airhead bozo. loser losers. lowlife creep. creeps. pervert weirdo freak. "
        "freaks. psycho. nutter nutcase nutjob loon. loons. loony lunatic crank. cranks. fanatic bully. bullies. "
        "thug. thugs. brute. oaf. oafs. lout. louts. yob. yobs. chancer. spiv. toad. slug. puppet. stooge stooges "
        "lackey lapdog poodle. sycophant crawler toady bootlicker grifter gobshite eejit gombeen drongo dipstick "
        "dumbass dumbo douche jerk. jerks. bitch bitches hag. hags. witch. cow. slapper slag. tart. bimbo windbag "
        "gasbag blowhard bore. knave. rogue. scoundrel blackguard rapscallion reprobate wretch cur. fatso lardarse "
        "gargoyle snowflake libtard remoaner gammon. melt. wokie tankie simp. cuck. incel. karen. boomer. wazzock "
        "knucklehead turncoat traitor. quisling. judas. backstabber mouthpiece nobody. nonentity cabbage. turnip. "
        "spoon. plank. minger jobsworth busybody nimby. crybaby wimp. wimps. wuss. jellyfish. amoeba. pondlife. "
        "dinosaur. fossil. shyster"
    ),
    "stupid": (
        "stupid dumb. dumber. thick. dim. dense. brainless brain. brains. braindead iq. clueless mindless gormless "
        "witless illiterate ignorant pathetic pitiful useless worthless spineless gutless two-faced slimy smarmy "
        "sleazy greasy oily. pompous arrogant smug conceited vain. deluded delusional demented deranged unhinged "
        "insane mad. senile hysterical lazy. fat. ugly. bald. smelly sad. bitter. twisted. jealous petty. childish "
        "infantil incompetent inept crooked corrupt dishonest lying. bloated puffed gullible naive backward "
        "sanctimonious insufferable obnoxious odious"
    ),
    "dismiss": (
        "away. lost. shut. off. sod. bugger. piss. jog. crawl. slither. mouth. trap. hole. gob. nurse. medication. "
        "meds. mummy. mum's. basement. diddums. bless. sweetheart. sweetie. darling. dear. sunshine. pal. mate. "
        "sonny. love. spare. save. embarrass embarrassment bore. yawn."
    ),
    "profane": (
        "fuck shit. shite shitty crap. bloody. damn. damned. hell. piss. pissed. bollock arse. arsed. cock. dick. "
        "prick. cunt. twat. wank tits. balls. turd. poo. crappy effing feck frig fck fuk"
    ),
    "threat": (
        "kill. killed. die. dies. dead. hang. hanged. shoot. shot. burn. burned. rope. gas. gassed. noose. knife. "
        "stab. rape. raped. exterminat eradicat deport drown. beat. punch. smash. hospital. coffin. grave. address. "
        "watch. bullet. lynch petrol. torch."
    ),
    "dehumanise": (
        "vermin. cockroach plague. infest swarm. subhuman savage. savages. animals. beasts. breed. breeding. filthy. "
        "dirty. disease. diseased. cancer. scum. parasite. parasites. invaders. invasion. hordes. degenerate sewage. "
        "scrounger leeches. mutant monkey. monkeys. apes. ape."
    ),
    "slur": (
        "nigger nigga kike. kikes. yid. yids. paki. pakis. wog. wogs. coon. chink gook. spic. raghead towelhead "
        "faggot fag. fags. dyke. tranny trannies poof. poofs. gyppo pikey retard retarded spastic spaz. "
        "cripple mongol. muzzie mudslime kaffir golliwog hebe. heeb. goyim. goy. jewboy redskin wetback beaner gypo. "
        "shemale lesbo."
    ),
    "disagree": (
        "disagree wrong. mistaken. incorrect. misread. misunderstand objection doubt. however. but. although. though. "
        "rather. instead. yet. surely. unconvinced oppose. against. ought. should. shouldn't. better. worse. problem. "
        "nonetheless nevertheless otherwise alternative"
    ),
    "agree": (
        "agree. agreed. exactly. spot. absolutely. indeed. thanks. thank. well. brilliant. great. good. hear. bravo. "
        "congratulations. congrats. seconded. amen. cheers. lovely. wonderful. excellent."
    ),
    "sell": (
        "buy. cheap. discount offer. offers. free. click. visit. website. subscribe channel. follow. earn. income. "
        "loan. loans. casino. bet. betting. crypto bitcoin invest investor profit. whatsapp telegram. contact. email. "
        "seo. backlink promo coupon. delivery. pills. viagra. escort. dating. guarantee earning winner. prize. cash."
    ),
    "identity": (
        "jew. jews. jewish. judaism. muslim. muslims. moslem. moslems. islam. islamic. christian. christians. catholic. "
        "catholics. protestant. protestants. evangelical. evangelicals. mormon. mormons. hindu. hindus. sikh. sikhs. "
        "buddhist. buddhists. taoist. taoists. atheist. atheists. black. blacks. white. whites. asian. asians. african. "
        "africans. arab. arabs. latino. latinos. latina. latinas. latinx. hispanic. hispanics. indigenous. aboriginal. "
        "roma. romani. gypsy. gypsies. traveller. travellers. american. americans. european. europeans. mexican. mexicans. "
        "canadian. canadians. chinese. japanese. korean. koreans. indian. indians. pakistani. pakistanis. polish. poles. "
        "romanian. romanians. irish. scottish. welsh. german. germans. french. italian. italians. turkish. turks. russian. "
        "russians. ukrainian. ukrainians. syrian. syrians. somali. somalis. nigerian. nigerians. israeli. israelis. "
        "palestinian. palestinians. afghan. afghans. albanian. albanians. filipino. filipinos. vietnamese. iranian. "
        "iranians. iraqi. iraqis. woman. women. female. females. male. males. men. nonbinary. trans. transgender. "
        "transgendered. transsexual. transsexuals. lgbt. lgbtq. lgbtqia. queer. queers. gay. gays. lesbian. lesbians. "
        "bisexual. bisexuals. homosexual. homosexuals. heterosexual. heterosexuals. straight. deaf. blind. disabled. "
        "paralyzed. paralysed. autistic. paraplegic. handicapped. dyslexic. old. older. elderly. young. younger. teenage. "
        "teenager. teenagers. millenial. millenials. millennial. millennials. pensioner. pensioners. aged. immigrant. "
        "immigrants. mideastern. migrant. migrants. refugee. refugees. foreigner. foreigners."
    ),
    # No word of its own: strong words inside quotation marks.
    "quoted": "",
    "english": (
        "the. and. of. is. are. you. your. it. that. this. have. has. was. were. be. been. with. they. their. what. would. "
        "will. not. but. who. how. when. from. should. could. about. there. which. because. don't. it's. i'm. can't. "
        "you're. that's. his. he. she. we. my. if. or. by. for. just. than. then. these. those. does. did. doesn't. "
        "isn't. our. get. to. i. all. out. up. any. some. must. too. more. very. here. there's. at. on. its. had. "
        "being."
    ),
}


def _listed() -> tuple[dict[str, set[str]], dict[int, dict[str, set[str]]]]:
    """The classes of whole words, and those of beginnings by their length."""
    whole: dict[str, set[str]] = {}
    beginnings: dict[int, dict[str, set[str]]] = {}
    for name, listed in CLASSES.items():
        for entry in listed.split():
            word = entry.rstrip(".")
            table = whole if entry.endswith(".") else beginnings.setdefault(len(word), {})
            table.setdefault(word, set()).add(name)
    return whole, beginnings


WHOLE, BEGINNINGS = _listed()
"""The classes of whole words, and of beginnings by their length."""


def classes(form: str) -> frozenset[str]:
    """Return the classes of a word's form; most words have none."""
    found = set(WHOLE.get(form, ()))
    for length, table in BEGINNINGS.items():
        found |= table.get(form[:length], _NONE)
    return frozenset(found)


_NONE: frozenset[str] = frozenset()


IDENTITY = "identity"
"""The class of words that name who somebody is. They are read as one and the same word, so that naming one group can weigh
no more than naming another; what is said about it is what counts."""
QUOTED = "quoted"
"""The class of strong words inside quotation marks, in place of their own classes."""
STRONG_CLASSES = frozenset(("insult", "stupid", "profane", "threat", "dehumanise", "slur"))
"""Classes of words that somebody may want to spell around a filter."""
