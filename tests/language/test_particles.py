"""Korean particles by what stands before them."""

import pytest

from fercore import language
from fercore.language import particles


@pytest.mark.parametrize(
    ("name", "sentence", "expected"),
    [
        ("행복", "{name}은(는) 있다", "행복은 있다"),
        ("분노", "{name}은(는) 있다", "분노는 있다"),
        ("놀람", "{name}이(가) 있다", "놀람이 있다"),
        ("공포", "'{name}'이(가) 있다", "'공포'가 있다"),
        ("중립", "**{name}**을(를) 본다", "**중립**을 본다"),
        ("사진 (나무)", "{name}을(를) 본다", "사진 (나무)를 본다"),
        ("서울", "{name}(으)로 간다", "서울로 간다"),
        ("부산", "{name}(으)로 간다", "부산으로 간다"),
        ("제주", "{name}(으)로 간다", "제주로 간다"),
        ("슬픔", "{name}와(과) 함께", "슬픔과 함께"),
        (1, "실행 {name}이(가) 멈춘다", "실행 1이 멈춘다"),
        (12, "실행 {name}이(가) 멈춘다", "실행 12가 멈춘다"),
        (1, "{name}(으)로", "1로"),
        (3, "{name}(으)로", "3으로"),
        (10, "{name}(으)로", "10으로"),
        ("50%", "{name}을(를)", "50%를"),
        ("Xception", "{name}은(는) 있다", "Xception은(는) 있다"),
        ("", "{name}은(는) 있다", "은(는) 있다"),
        ("이(가)", "{name} 파일", "이(가) 파일"),
        ("분노 은(는)", "{name} 파일을(를)", "분노 은(는) 파일을"),
    ],
)
def test_the_particle_follows_the_sound(name, sentence, expected):
    assert particles.fill(sentence, {"name": name}) == expected


def test_sentences_of_the_catalogue_are_filled_in_so():
    language.use("ko")
    english = next(text for text, there in language.known_sentences("ko").items() if there.startswith("'{name}'은(는)"))
    assert language.tr(english, name="분노", why="", text="").startswith("'분노'는 ")
    assert language.trn("", "{count} faces", 2) == "얼굴 2개"
