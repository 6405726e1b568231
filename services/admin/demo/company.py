"""Beilun Steelware: who works there and who applies. Nobody of these exists."""

from collections.abc import Mapping
from dataclasses import field

from domain.records import frozen

COMPANY = "Beilun Steelware"
DOMAIN = "beilun-steelware.example"


@frozen
class Member:
    """key: the first part of the mail address. given: gets a password that is printed."""

    key: str
    name: str
    roles: tuple[str, ...]
    given: bool = False
    locale: str | None = None

    @property
    def email(self) -> str:
        return f"{self.key}@{DOMAIN}"


STAFF = (
    Member("ruth", "Ruth Amsel", ("admin",), given=True),
    Member("jiang", "Jiang Hao", ("admin", "manager")),
    Member("clara", "Clara Vinter", ("trainer", "learner"), given=True),
    Member("peng", "Peng Xiuying", ("trainer",), locale="zh_Hans"),
    Member("nadia", "Nadia Kessler", ("recruiter",), given=True),
    Member("song", "Song Jie", ("recruiter",), locale="zh_Hans"),
    Member("victor", "Victor Adeyemi", ("manager",), given=True),
    Member("lan", "Lan Meihua", ("manager",), locale="zh_Hans"),
)

# What a learner has done so far. In the order of their going: a few words each say how far.
NEW, READER, STUDENT, SITTING, MEASURED, NARROWED = (
    "new",  # joined, nothing begun
    "reader",  # some lessons, the last one half read
    "student",  # lessons with their quizzes and a self-rating
    "sitting",  # in the middle of the placement
    "measured",  # has the placement's result
    "narrowed",  # and six more questions in the practices that were least certain
)

# name, mail key, what they have done, how able they are in general (logits), language
LEARNERS: tuple[tuple[str, str, str, float, str | None], ...] = (
    ("Qiu Lian", "qiu.lian", NARROWED, 0.4, None),
    ("Tobias Renner", "tobias.renner", NARROWED, 1.1, None),
    ("Hu Yaqi", "hu.yaqi", NARROWED, -0.3, "zh_Hans"),
    ("Amara Diallo", "amara.diallo", NARROWED, 0.8, None),
    ("Shen Boyu", "shen.boyu", NARROWED, 0.0, "zh_Hans"),
    ("Marisol Fuentes", "marisol.fuentes", MEASURED, 0.6, None),
    ("Cao Wenjing", "cao.wenjing", MEASURED, -0.6, "zh_Hans"),
    ("Lukas Brandt", "lukas.brandt", MEASURED, 0.2, None),
    ("Dong Ruoxi", "dong.ruoxi", MEASURED, 1.3, None),
    ("Ines Carvalho", "ines.carvalho", MEASURED, -0.1, None),
    ("Fang Zihan", "fang.zihan", MEASURED, -0.9, "zh_Hans"),
    ("Pavel Horak", "pavel.horak", MEASURED, 0.5, None),
    ("Luo Keke", "luo.keke", MEASURED, 0.1, None),
    ("Salma Benali", "salma.benali", MEASURED, 0.9, None),
    ("Wei Chenxi", "wei.chenxi", MEASURED, -0.4, "zh_Hans"),
    ("Jonas Ekdahl", "jonas.ekdahl", SITTING, 0.3, None),
    ("Ren Xiaoman", "ren.xiaoman", SITTING, -0.2, "zh_Hans"),
    ("Gao Tianyi", "gao.tianyi", STUDENT, 0.4, None),
    ("Olivia Marsh", "olivia.marsh", STUDENT, -0.7, None),
    ("Xie Minzhi", "xie.minzhi", STUDENT, 0.0, "zh_Hans"),
    ("Rafael Moura", "rafael.moura", STUDENT, 0.7, None),
    ("Tan Siyuan", "tan.siyuan", STUDENT, -0.2, None),
    ("Aiko Hayashi", "aiko.hayashi", STUDENT, 0.5, None),
    ("Bai Lulu", "bai.lulu", READER, -0.5, "zh_Hans"),
    ("Emil Novotny", "emil.novotny", READER, 0.2, None),
    ("Yuan Shuang", "yuan.shuang", READER, 0.0, None),
    ("Grace Otieno", "grace.otieno", READER, 0.6, None),
    ("Meng Fan", "meng.fan", READER, -0.3, "zh_Hans"),
    ("Deng Yiran", "deng.yiran", NEW, 0.0, None),
    ("Hanna Lindgren", "hanna.lindgren", NEW, 0.0, None),
)
WITH_PASSWORD = ("qiu.lian", "hu.yaqi", "deng.yiran")


@frozen
class Vacancy:
    """A position. weights, reasons: of an own profile; cut: points, method, judges, by whom.

    analysis: who looked at the job and how, which makes the validation statement; study: a study
    of its own, or that there is none.
    """

    title: str
    profile: str
    gates: dict[str, int]
    owner: str
    reviewer: str
    cut: tuple[int, str, int, str]
    weights: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    analysis: str = ""
    study: str = ""


VACANCIES = (
    Vacancy(
        "Shop operations, kitchenware",
        "operations",
        {},
        "victor",
        "lan",
        (45, "angoff", 6, "Six people who do the work, led by Clara Vinter; two rounds."),
        analysis="Clara Vinter with six shop operators: diaries of two weeks, then a talk with "
        "each about what goes wrong and what it costs.",
        study="None yet: nobody hired this way has worked here for long enough.",
    ),
    Vacancy(
        "Export sales, Europe and the Americas",
        "own",
        {"C5": 2, "A1": 3},
        "lan",
        "jiang",
        (50, "policy", 0, "Lan Meihua chose the middle of the scale, until there is a study."),
        weights={"C1": 22, "C2": 24, "C3": 14, "C4": 6, "C5": 12, "C6": 12, "C7": 10},
        reasons={
            "C1": "Buyers write and call in English every day.",
            "C2": "Who sells here signs for price, terms and payment.",
            "C3": "A buyer of steelware asks about grades and coatings in the first mail.",
            "C4": "The shop team runs the funnel; sales only reads it.",
            "C5": "Contracts and gifts are met at the desk first.",
            "C6": "Two trips a year, and a call in the buyer's evening each week.",
            "C7": "Most offers are turned down, and the next one is due.",
        },
    ),
)

# What became of an application.
INVITED, LAPSED, REVOKED, CONSENTED, RUNNING, TIMED_OUT, FINISHED, DECIDED = (
    "invited",
    "lapsed",
    "revoked",
    "consented",
    "running",
    "timed_out",
    "finished",
    "decided",
)

# One list for each vacancy: name, what became of it, ability (logits), days since the invitation
CANDIDATES: tuple[tuple[tuple[str, str, float, int], ...], ...] = (
    (
        ("Zhu Ranran", DECIDED, 1.0, 34),
        ("Mateo Salas", DECIDED, -0.6, 33),
        ("Kong Yue", DECIDED, 0.3, 30),
        ("Elif Demir", FINISHED, 0.5, 12),
        ("Hou Jiayi", FINISHED, 0.4, 11),
        ("Noor van Dijk", FINISHED, -0.2, 9),
        ("Sun Haoran", TIMED_OUT, 0.1, 8),
        ("Priya Raman", RUNNING, 0.6, 4),
        ("Du Wanting", CONSENTED, 0.0, 3),
        ("Felix Baumann", INVITED, 0.0, 2),
        ("Lei Xinyi", LAPSED, 0.0, 25),
        ("Iris Koch", REVOKED, 0.0, 15),
        ("Marta Lindqvist", DECIDED, 0.8, 37),
        ("Bruno Keller", DECIDED, -0.7, 36),
        ("Pan Yutong", DECIDED, 0.2, 35),
        ("Gu Shiyin", DECIDED, 0.6, 29),
    ),
    (
        ("Camille Rousseau", DECIDED, 0.9, 38),
        ("Yin Zhe", DECIDED, 0.7, 36),
        ("Samuel Boateng", DECIDED, -0.3, 31),
        ("Jin Yuchen", FINISHED, 0.2, 13),
        ("Daniela Pires", FINISHED, 0.3, 10),
        ("Mo Xiaoran", FINISHED, -0.8, 9),
        ("Anton Weber", TIMED_OUT, -0.1, 7),
        ("Hao Mengqi", RUNNING, 0.4, 3),
        ("Leila Farsi", CONSENTED, 0.0, 2),
        ("Chu Ting", INVITED, 0.0, 1),
        ("Oskar Lund", LAPSED, 0.0, 28),
        ("Tao Yiming", REVOKED, 0.0, 16),
        ("Henrik Aas", DECIDED, 0.5, 37),
        ("Ayla Yildiz", DECIDED, -0.5, 35),
        ("Cheng Hanlin", DECIDED, 0.9, 33),
        ("Wen Peiyao", DECIDED, -0.4, 30),
    ),
)

# outcome, code of the reason, the reason in words: one for each decided application, in turn
DECISIONS = (
    ("offer", "fit", "Trade practice and culture are the strongest we saw; the talk confirmed it."),
    ("reject", "gate", "Trade practice is below what the first month needs, and by more than the "
     "error. We told them where to learn it."),
    ("hold", "evidence", "Near the others within the error. We wait for the second interview."),
    ("advance", "fit", "Fits the profile; invited to the interview."),
    ("advance", "fit", "Equal to the first within the error, so both are interviewed."),
    ("reject", "interview", "Kind and quick, but wants to work in retail. Good wishes sent."),
)  # fmt: skip
NOTES = (
    "Asked for the assessment on a phone during a train ride; two openings are from that.",
    "Speaks German and Spanish on the phone without effort. @{owner} please listen yourself.",
    "Wants to know more about customs clearance before the start.",
)
REMARK = "Question 17 had two defensible answers, I think: with CPT the risk passes earlier."

# How two interviewers rated the questions of the guide, in turn: level, and what they heard.
RATINGS = (
    ((4, "Named the stretch and who carries the risk."), (3, "Knew the term, not the papers."),
     (4, "")),
    ((4, "Clear, with an example of her own."), (4, "Asked back before answering."), (3, "")),
)  # fmt: skip

# What finished candidates said of themselves, for the fairness figures.
WOMEN = (
    "Zhu Ranran", "Kong Yue", "Elif Demir", "Hou Jiayi", "Noor van Dijk", "Camille Rousseau",
    "Daniela Pires", "Marta Lindqvist", "Gu Shiyin", "Ayla Yildiz", "Wen Peiyao",
)  # fmt: skip
CHINESE = (
    "Zhu Ranran", "Kong Yue", "Hou Jiayi", "Sun Haoran", "Yin Zhe", "Jin Yuchen", "Mo Xiaoran",
    "Pan Yutong", "Gu Shiyin", "Cheng Hanlin", "Wen Peiyao",
)  # fmt: skip
