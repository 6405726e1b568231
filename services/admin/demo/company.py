"""Beilun Steelware: who works there and who applies. Nobody of these exists."""

from dataclasses import dataclass

COMPANY = "Beilun Steelware"
DOMAIN = "beilun-steelware.example"


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A position. minutes: time for the hiring form."""

    title: str
    profile: str
    gates: dict[str, int]
    owner: str
    reviewer: str


VACANCIES = (
    Vacancy("Shop operations, kitchenware", "operations", {}, "victor", "lan"),
    Vacancy("Export sales, Europe and the Americas", "sales", {}, "lan", "jiang"),
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
    "Speaks German and Spanish on the phone without effort.",
    "Wants to know more about customs clearance before the start.",
)
REMARK = "Question 17 had two defensible answers, I think: with CPT the risk passes earlier."
