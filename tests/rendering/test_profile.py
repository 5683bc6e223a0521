from cnnviz.rendering.film import RecordOptions, record_film
from cnnviz.rendering.profile import STAGES, Profile


def test_an_inner_stage_stops_the_outer_ones_clock():
    now = iter(range(0, 100, 10))
    profile = Profile(lambda: next(now))
    with profile.stage("build"):  # 0
        with profile.stage("draw"):  # 10
            pass  # 20
        with profile.stage("draw"):  # 30
            pass  # 40
    # 50
    profile.add("encode", 2.5)
    assert profile.seconds["build"] == 10 + 10 + 10
    assert profile.seconds["draw"] == 10 + 10
    assert profile.seconds["encode"] == 2.5
    assert profile.seconds["wait"] == 0


def test_the_table_names_every_stage():
    table = Profile().table()
    assert all(name in table for name in STAGES)


def test_a_film_has_a_profile(stock_scene, settings, tmp_path):
    profile = Profile()
    record_film(
        lambda renderer: stock_scene(renderer=renderer),
        settings,
        tmp_path / "film.mp4",
        RecordOptions(profile=profile),
    )
    assert all(seconds > 0 for seconds in profile.seconds.values())
