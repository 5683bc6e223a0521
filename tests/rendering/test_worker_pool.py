"""How processes say how far they are."""

from concurrent.futures import ThreadPoolExecutor

from cnnviz.rendering.worker_pool import FrameProgress, Report

REPORTS = 500


def test_what_is_said_last_can_be_read_at_any_time(tmp_path):
    report = Report(tmp_path, 0)
    assert report.last() is None
    report(0, REPORTS)

    def work():
        for done in range(REPORTS):
            report(done + 1, REPORTS)

    with ThreadPoolExecutor(1) as executor:
        working = executor.submit(work)
        read = []
        while not working.done():
            read.append(report.last())
        working.result()
    assert None not in read
    assert read == sorted(read)
    assert report.last() == FrameProgress(REPORTS, REPORTS)
