"""What may not be published, each thing by itself, and process graphs against brute force."""

import dataclasses
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vamco.procedures import paths, reading
from vamco.procedures.check import check, graph_of
from vamco.procedures.definition import ENDS, Outcome
from vamco.procedures.load import shipped

GOOD = reading.plain(next(one for one in shipped() if one.code == "1.004873"))


def problems(change):
    """Where the check finds something once the good definition was changed."""
    data = reading.plain(reading.read(GOOD))
    change(data["cases"][0], data)
    return {problem.where.removeprefix("cases.thuong.") for problem in check(reading.read(data))}


def step(case, key):
    return next(one for one in case["process"]["steps"] if one["key"] == key)


def test_the_good_one_is_good():
    assert problems(lambda case, data: None) == set()


BAD = {
    "unknown target": (
        lambda c, d: step(c, "tham_tra")["outcomes"][0].update(to="nowhere"),
        "process.tham_tra.trinh_ky",
    ),
    "unreachable step": (
        lambda c, d: step(c, "tham_tra")["outcomes"].pop(1),
        "process.ky_tu_choi",
    ),
    "step without a way out": (lambda c, d: step(c, "vao_so").update(outcomes=[]), "process.vao_so"),
    "a circle with no way out": (
        lambda c, d: step(c, "vao_so").update(outcomes=step(c, "vao_so")["outcomes"][1:]),
        "process",
    ),
    "unknown first step": (lambda c, d: c["process"].update(first="x"), "process"),
    "unknown role": (lambda c, d: step(c, "ky_duyet").update(role="king"), "process.ky_duyet"),
    "unknown unit rule": (lambda c, d: step(c, "ky_duyet").update(unit_rule="room:x"), "process.ky_duyet"),
    "unknown department": (
        lambda c, d: step(c, "ky_duyet").update(unit_rule="dept:tu_phap"),
        "process.ky_duyet",
    ),
    "unknown status": (lambda c, d: step(c, "ky_duyet").update(status=11), "process.ky_duyet"),
    "unknown need": (
        lambda c, d: step(c, "ky_duyet")["outcomes"][0].update(needs=["gold"]),
        "process.ky_duyet.ky",
    ),
    "unknown deed": (lambda c, d: step(c, "ky_duyet")["outcomes"][0].update(does="x"), "process.ky_duyet.ky"),
    "unknown who": (lambda c, d: step(c, "ky_duyet")["outcomes"][0].update(who="me"), "process.ky_duyet.ky"),
    "step twice": (lambda c, d: c["process"]["steps"].append(step(c, "vao_so")), "process"),
    "outcome twice": (
        lambda c, d: step(c, "ky_duyet")["outcomes"].append(step(c, "ky_duyet")["outcomes"][0]),
        "process.ky_duyet",
    ),
    "path longer than the limit": (lambda c, d: step(c, "vao_so").update(hours=9), "limit"),
    "an override shorter than the path": (
        lambda c, d: c["limit"].update(
            overrides=[{"amount": 2, "unit": "working_day", "channel": "online", "when": None}]
        ),
        "limit",
    ),
    "no result": (lambda c, d: c.update(result=None), "process.tham_tra.trinh_ky"),
    "refusal without reasons": (lambda c, d: c.update(refusal_reasons=[]), "refusal_reasons"),
    "refusing without asking for a reason": (
        lambda c, d: step(c, "tham_tra")["outcomes"][1].update(needs=[]),
        "process.tham_tra.de_nghi_tu_choi",
    ),
    "a signature on nothing": (
        lambda c, d: step(c, "tham_tra")["outcomes"][0].update(needs=["result", "signature"]),
        "process.tham_tra.trinh_ky",
    ),
    "approving without a signature": (
        lambda c, d: step(c, "ky_duyet")["outcomes"][0].update(needs=[]),
        "process.ky_duyet.ky",
    ),
    "sent back to the end": (
        lambda c, d: step(c, "vao_so")["outcomes"][0].update(back=True),
        "process.vao_so.vao_so",
    ),
    "paper twice": (lambda c, d: c["papers"].append(c["papers"][0]), "papers"),
    "paper on an unknown field": (
        lambda c, d: c["papers"][0].update(required="when", when={"field": "x", "op": "filled"}),
        "papers.to_khai",
    ),
    "paper on a field that officers fill": (
        lambda c, d: c["papers"][0].update(
            required="when", when={"field": "ket_qua_doi_chieu", "op": "filled"}
        ),
        "papers.to_khai",
    ),
    "paper of no sheet": (lambda c, d: c["papers"][0].update(count=0), "papers.to_khai"),
    "paper of an unknown kind": (lambda c, d: c["papers"][0].update(kind="fax"), "papers.to_khai"),
    "field twice": (lambda c, d: c["fields"].append(c["fields"][0]), "fields"),
    "field of an unknown type": (lambda c, d: c["fields"][3].update(type="html"), "fields.noi_ket_hon"),
    "field on a later field": (
        lambda c, d: c["fields"][0].update(when={"field": "da_cap", "op": "eq", "value": True}),
        "fields.tinh_trang",
    ),
    "field at an unknown step": (lambda c, d: c["fields"][0].update(step="x"), "fields.tinh_trang"),
    "choice without options": (lambda c, d: c["fields"][0].update(options=[]), "fields.tinh_trang"),
    "no applicant": (lambda c, d: c["parties"].pop(0), "parties"),
    "fee for an unknown group": (lambda c, d: c["fees"][0].update(exempt=["friends"]), "fees.le_phi"),
    "fee by an unknown quantity": (lambda c, d: c["fees"][0].update(quantity_field="x"), "fees.le_phi"),
    "fee without a last tier": (
        lambda c, d: c["fees"][0].update(tiers=[{"up_to": 3, "price": 1}]),
        "fees.le_phi",
    ),
    "negative price": (lambda c, d: c["fees"][0].update(tiers=[{"up_to": None, "price": -1}]), "fees.le_phi"),
    "quantity that is no number": (lambda c, d: c.update(quantity=["muc_dich"]), "quantity"),
    "at once with a limit": (lambda c, d: c.update(at_once=True), "limit"),
    "at once through several steps": (
        lambda c, d: c.update(at_once=True, limit={**c["limit"], "amount": 0, "unit": "at_once"}),
        "limit",
    ),
    "no legal basis": (lambda c, d: d.update(legal_basis=[]), "legal_basis"),
    "no English name": (lambda c, d: d.update(name_en=" "), "name_en"),
    "no English of a step": (lambda c, d: step(c, "vao_so").update(name_en=""), "process.vao_so.name_en"),
    "level 5": (lambda c, d: d.update(level=5), "level"),
    "unknown tier": (lambda c, d: d.update(tiers=["village"]), "tiers"),
    "ends before it begins": (lambda c, d: d.update(valid_to="2015-12-31"), "valid_to"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_wrong_thing_is_found_where_it_is(name):
    change, where = BAD[name]
    assert where in problems(change)


def test_a_case_twice_is_found():
    data = reading.plain(reading.read(GOOD))
    data["cases"].append(data["cases"][0])
    assert "cases" in {problem.where for problem in check(reading.read(data))}


def test_all_problems_come_at_once():
    def change(case, data):
        case["papers"][0].update(count=0)
        case["fees"][0].update(exempt=["friends"])
        data.update(level=5)

    assert {"papers.to_khai", "fees.le_phi", "level"} <= problems(change)


# --- graphs ------------------------------------------------------------------------------------------------

NODES = "abcdef"


@st.composite
def graphs(draw):
    nodes = NODES[: draw(st.integers(1, len(NODES)))]
    targets = st.lists(st.sampled_from([*nodes, *ENDS]), max_size=3, unique=True)
    return {node: draw(targets) for node in nodes}, {node: draw(st.integers(0, 20)) for node in nodes}


def simple_paths(graph, first):
    """Every simple path from the first node, by trying every order of every set of nodes."""
    others = [node for node in graph if node != first]
    for size in range(len(others) + 1):
        for order in itertools.permutations(others, size):
            path = (first, *order)
            if all(b in graph[a] for a, b in itertools.pairwise(path)):
                yield path


def reaches(graph, start, goals, steps=20):
    """Whether a walk of at most so many steps gets from start to a goal."""
    here = {start}
    for _ in range(steps):
        if here & goals:
            return True
        here |= {b for a in here for b in graph.get(a, ())}
    return bool(here & goals)


@given(graphs())
def test_the_longest_simple_path_is_that_of_brute_force(made):
    graph, hours = made
    best = max(sum(hours[node] for node in path) for path in simple_paths(graph, "a"))
    weight, path = paths.longest(graph, hours, "a")
    assert weight == best == sum(hours[node] for node in path)
    assert path in set(simple_paths(graph, "a"))


@given(graphs())
def test_reaching_is_that_of_brute_force(made):
    graph, _hours = made
    assert {n for n in graph if n in paths.reached(graph, ["a"])} == {
        n for n in graph if reaches(graph, "a", {n})
    }
    closing = paths.leading_to(graph, ENDS)
    assert {n for n in graph if n in closing} == {n for n in graph if reaches(graph, n, set(ENDS))}


def test_a_graph_too_tangled_is_not_followed_for_ever():
    nodes = [f"n{i}" for i in range(30)]
    with pytest.raises(paths.TooTangled):
        paths.longest(dict.fromkeys(nodes, nodes), dict.fromkeys(nodes, 1), "n0")


@settings(max_examples=60)
@given(graphs(), st.integers(1, 12))
def test_a_process_is_refused_exactly_when_brute_force_says_so(made, days):
    graph, hours = made
    definition = reading.read(GOOD)
    case = definition.cases[0]
    pattern = case.process.steps[0]
    steps = tuple(
        dataclasses.replace(
            pattern,
            key=node,
            hours=hours[node],
            outcomes=tuple(
                Outcome(f"o{i}", "Đi", "Go", to, frozenset({"reason"}), does="refuse")
                for i, to in enumerate(graph[node])
            ),
        )
        for node in graph
    )
    process = dataclasses.replace(case.process, steps=steps, first="a")
    assert graph_of(process) == graph
    fields = tuple(field for field in case.fields if field.step is None)
    limit = dataclasses.replace(case.limit, amount=days)
    case = dataclasses.replace(case, process=process, fields=fields, limit=limit)
    found = check(dataclasses.replace(definition, cases=(case,)))

    lost = {n for n in graph if not reaches(graph, "a", {n})}
    stuck = {n for n in graph if n not in lost and not reaches(graph, n, set(ENDS))}
    broken = lost | stuck or not reaches(graph, "a", {"ready"})
    longest = max(sum(hours[n] for n in path) for path in simple_paths(graph, "a"))
    assert {p.where for p in found if p.where.startswith("cases.thuong.process.")} == {
        f"cases.thuong.process.{n}" for n in lost | stuck
    }
    assert any(p.where == "cases.thuong.limit" for p in found) == (not broken and longest > days * 8)
    assert bool(found) == bool(broken or longest > days * 8)
