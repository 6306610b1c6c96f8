"""What cannot be judged."""

from __future__ import annotations

import pytest

from moderation.model.doubt import doubts
from moderation.model.reading import read
from moderation.records import Situation

FOREIGN = [
    "No me gusta nada la idea de que el gobierno cierre la biblioteca del barrio.",
    "Je ne suis pas d'accord avec le maire, la décision est absurde et injuste.",
    "Ich bin nicht dieser Meinung, die Entscheidung war falsch und teuer.",
    "Du bist ein Idiot und hast keine Ahnung von der Sache.",
    "Non sono d'accordo con il sindaco, la decisione mi sembra sbagliata.",
    "Você é um idiota e não entende nada do que está falando.",
    "Ik ben het niet eens met de burgemeester, dit is een slecht plan.",
    "Nie zgadzam się z burmistrzem, ta decyzja jest zła i droga.",
    "Jag håller inte med om det här, beslutet är fel och dyrt.",
    "Du er en idiot og ved ikke hvad du taler om.",
    "Belediye başkanına katılmıyorum, bu karar yanlış ve pahalı.",
    "Я не согласен с мэром, это решение неправильное и дорогое.",
    "أنا لا أتفق مع رئيس البلدية، القرار خاطئ ومكلف.",
    "我不同意市长的看法，这个决定是错误的。",
    "Saya tidak setuju dengan walikota, keputusan ini salah dan mahal.",
    "Hindi ako sang-ayon sa mayor, mali at mahal ang desisyon na ito.",
    "Main mayor se sehmat nahi hoon, yeh faisla galat aur mehenga hai.",
    "En ole samaa mieltä pormestarin kanssa, päätös on väärä ja kallis.",
    "Nu sunt de acord cu primarul, decizia este greșită și scumpă.",
    "Nesouhlasím se starostou, to rozhodnutí je špatné a drahé.",
    "Dydw i ddim yn cytuno gyda'r maer, mae'r penderfyniad yn anghywir.",
]
ENGLISH = [
    "I don't agree with the mayor, this decision is wrong and expensive.",
    "you are an idiot and u know nothing",
    "Thank you very much.",
    "lol no way thats true",
    "Chairman Reilly of the Council told us so yesterday in person.",
    "The café's crème brûlée is the best in town, naïve as that may sound.",
    "y o u are an i d i o t mate",
]


@pytest.fixture(scope="session")
def doubt(shipped_moderator):
    vocabulary = shipped_moderator.model.pipeline.named_steps["features"].vocabulary
    return lambda text: doubts(read([Situation(text)]), vocabulary)[0]


@pytest.mark.parametrize("text", FOREIGN)
def test_another_language_is_not_judged(doubt, text):
    assert doubt(text) is not None


@pytest.mark.parametrize("text", ENGLISH)
def test_english_is_judged(doubt, text):
    assert doubt(text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("https://a.example/x www.b.example", "nothing but links"),
        ("Thanks!", "1 known words, expected at least 3"),
        ("👍 !!!", "0 known words, expected at least 3"),
        ("", "0 known words, expected at least 3"),
        ("Quelle décision absurde de la mairie encore une fois", "seems to be no English"),
    ],
)
def test_the_reason_says_what_was_found(doubt, text, reason):
    assert doubt(text).startswith(reason)
