"""The words that say how a lead ended, in each language, and what a value made of them means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Literal

from leadqual.bundle.values import FALSE_VALUES, TRUE_VALUES
from leadqual.vocabulary.column_names import word_set

__all__ = ["LANGUAGES", "meaning", "plain_value", "says_no", "says_removed", "yes_or_no"]

Meaning = Literal["won", "lost", "open"]

LANGUAGES: Mapping[str, Mapping[Meaning, frozenset[str]]] = {
    "English": {
        "won": word_set(
            "won|closed won|closedwon|deal won|converted|closed converted|customer|new customer|win|sale|sold|"
            "signed|paid|purchased|enrolled|success|successful|contract signed|order received|order won",
            "|",
        ),
        "lost": word_set(
            "lost|closed lost|closedlost|deal lost|closed not converted|disqualified|unqualified|rejected|dead|loss|"
            "no sale|failed|failure|unsuccessful|cancelled|canceled|declined|abandoned|junk|not qualified|unconverted|"
            "churned|no deal|refused|not interested",
            "|",
        ),
        "open": word_set(
            "open|new|in progress|pending|working|contacted|attempted to contact|nurturing|prospecting|not contacted|"
            "qualification|engaging|proposal|negotiation|open not contacted|working contacted|in process|active|"
            "contact in future|on hold|negotiation review",
            "|",
        ),
    },
    "German": {
        "won": word_set(
            "gewonnen|abgeschlossen gewonnen|geschlossen gewonnen|gewinn|kunde|neukunde|beauftragt|auftrag erteilt|"
            "auftrag erhalten|auftrag gewonnen|verkauft|abschluss|vertrag unterschrieben|unterschrieben|konvertiert|"
            "erfolgreich|umgewandelt",
            "|",
        ),
        "lost": word_set(
            "verloren|abgeschlossen verloren|geschlossen verloren|abgelehnt|absage|abgesagt|disqualifiziert|verlust|"
            "unqualifiziert|gescheitert|kein interesse|kein bedarf|storniert|erfolglos|verworfen|tot",
            "|",
        ),
        "open": word_set(
            "offen|neu|in bearbeitung|in arbeit|laufend|kontaktiert|angebot|angebot erstellt|verhandlung|"
            "in verhandlung|qualifizierung|wiedervorlage|aktiv|in kontakt",
            "|",
        ),
    },
    "French": {
        "won": word_set(
            "gagne|gagnee|cloture gagne|cloture gagnee|ferme gagne|fermee gagnee|conclu|conclue|signe|signee|vendu|"
            "vendue|client|nouveau client|converti|convertie|affaire gagnee|contrat signe|succes",
            "|",
        ),
        "lost": word_set(
            "perdu|perdue|cloture perdu|cloture perdue|ferme perdu|fermee perdue|abandonne|abandonnee|refuse|refusee|"
            "rejete|rejetee|annule|annulee|disqualifie|disqualifiee|echec|affaire perdue|sans suite|non qualifie",
            "|",
        ),
        "open": word_set(
            "ouvert|ouverte|en cours|nouveau|nouvelle|en attente|contacte|contactee|devis|devis envoye|proposition|"
            "negociation|en negociation|a relancer|qualification",
            "|",
        ),
    },
    "Spanish": {
        "won": word_set(
            "ganado|ganada|cerrado ganado|cerrada ganada|vendido|vendida|firmado|firmada|convertido|convertida|cliente|"
            "nuevo cliente|exito|contrato firmado|venta|exitoso",
            "|",
        ),
        "lost": word_set(
            "perdido|perdida|cerrado perdido|cerrada perdida|descartado|descartada|rechazado|rechazada|cancelado|"
            "cancelada|descalificado|descalificada|no calificado|no cualificado|fracaso|sin interes|fallido",
            "|",
        ),
        "open": word_set(
            "abierto|abierta|en curso|en proceso|en progreso|nuevo|nueva|pendiente|contactado|contactada|propuesta|"
            "negociacion|en negociacion|seguimiento|calificacion",
            "|",
        ),
    },
    "Portuguese": {
        "won": word_set(
            "ganho|ganha|fechado ganho|fechada ganha|fechado e ganho|vendido|vendida|assinado|assinada|convertido|"
            "cliente|novo cliente|sucesso|contrato assinado|venda|negocio fechado|negocio ganho",
            "|",
        ),
        "lost": word_set(
            "perdido|perdida|fechado perdido|fechada perdida|fechado e perdido|descartado|descartada|rejeitado|"
            "rejeitada|recusado|cancelado|cancelada|desqualificado|nao qualificado|fracasso|sem interesse|"
            "negocio perdido",
            "|",
        ),
        "open": word_set(
            "aberto|aberta|em aberto|em andamento|em progresso|novo|nova|pendente|contatado|contactado|proposta|"
            "negociacao|em negociacao|qualificacao",
            "|",
        ),
    },
    "Italian": {
        "won": word_set(
            "vinto|vinta|chiuso vinto|chiusa vinta|acquisito|venduto|firmato|convertito|cliente|successo|"
            "contratto firmato",
            "|",
        ),
        "lost": word_set(
            "perso|persa|chiuso perso|chiusa persa|rifiutato|scartato|annullato|squalificato|non qualificato|fallito",
            "|",
        ),
        "open": word_set(
            "aperto|aperta|in corso|nuovo|nuova|in attesa|contattato|proposta|trattativa|in trattativa|negoziazione",
            "|",
        ),
    },
    "Dutch": {
        "won": word_set("gewonnen|gesloten gewonnen|verkocht|getekend|klant|nieuwe klant|geslaagd|geconverteerd", "|"),
        "lost": word_set("verloren|gesloten verloren|afgewezen|geannuleerd|gediskwalificeerd|mislukt|afgevallen", "|"),
        "open": word_set("open|nieuw|lopend|in behandeling|gecontacteerd|offerte|onderhandeling", "|"),
    },
    "Polish": {
        "won": word_set("wygrane|wygrany|wygrana|zamkniete wygrane|sprzedane|podpisane|klient|sukces", "|"),
        "lost": word_set("przegrane|przegrany|przegrana|zamkniete przegrane|stracone|odrzucone|anulowane", "|"),
        "open": word_set("otwarte|otwarty|nowy|nowe|w toku|w trakcie|oferta|negocjacje", "|"),
    },
    "Russian": {
        "won": word_set("успешно|выиграна|выиграно|сделка заключена|продано|оплачено|успешно реализовано|клиент", "|"),
        "lost": word_set("провал|проиграна|проиграно|отказ|потеряна|закрыто и не реализовано|некачественный", "|"),
        "open": word_set("в работе|новая|новый|новое|переговоры|открыта|открыто|первичный контакт", "|"),
    },
    "Chinese": {
        "won": word_set(
            "成交 赢单 贏單 签约 簽約 成单 成單 已转化 已轉化 已转客户 已购买 已付款 已下单 已成功 赢得 成功 中标"
        ),
        "lost": word_set(
            "输单 輸單 丢单 丟單 失败 失敗 战败 戰敗 流失 无效 無效 无意向 無意向 放弃 放棄 拒绝 拒絕 死单 落标 "
            "作废 作廢 不感兴趣 已取消"
        ),
        "open": word_set(
            "跟进 跟進 新线索 新線索 洽谈 洽談 谈判 談判 报价 報價 方案 "
            "意向 联系 聯繫 待处理 待分配 进行中 進行中 处理中 新建 初访 未处理"
        ),
    },
    "Japanese": {
        "won": word_set("受注 成約 契約済 契約締結 購入済 獲得 成功"),
        "lost": word_set("失注 失敗 キャンセル 不成立 見送り 辞退 解約 対象外 断り 没"),
        "open": word_set("商談 新規 対応 提案 見積 交渉 進行 アプローチ 接触 検討 オープン"),
    },
    "Korean": {
        "won": word_set("수주 성사 계약완료 계약체결 구매완료 성공 전환완료 거래성사"),
        "lost": word_set("실주 실패 취소 거절 무효 이탈 부적격 포기"),
        "open": word_set("진행 신규 상담 제안 협상 견적 검토 대기 접촉"),
    },
}
"""Language -> what its words mean; Latin and Cyrillic words as whole values, the others also inside a value."""

_YES = TRUE_VALUES | word_set("ja wahr oui vrai si verdadero sim verdadeiro vero waar да 是 真 はい 有 예 네 tak x v")
_NO = FALSE_VALUES | word_set("nein falsch non faux falso nao nee onwaar нет 否 假 いいえ 无 無 아니요 아니오 nie")
_REMOVED = word_set(
    "deleted|merged|duplicate|duplicated|removed|duplicate record|duplicate lead|merged duplicate|geloscht|"
    "zusammengefuhrt|dublette|duplikat|supprime|supprimee|fusionne|fusionnee|doublon|eliminado|eliminada|fusionado|"
    "fusionada|duplicado|duplicada|excluido|excluida|mesclado|mesclada|eliminato|unito|duplicato|verwijderd|"
    "samengevoegd|duplicaat|usuniety|usunieto|scalony|duplikat|удален|удалена|удалено|объединен|объединена|дубль|дубликат|"
    "已删除|删除|已刪除|刪除|已合并|合并|已合併|合併|重复|重複|重复线索|重複線索|重复客户|重複名單|削除|削除済|削除済み|統合済み|重複リード|"
    "삭제|삭제됨|병합|병합됨|중복",
    "|",
)
_NOT = r"(?:not|non|no|nicht|nie|niet|kein|keine|pas|nao|ne|nie|не|un|never|without|ohne|sans|sin|sem|senza|zonder)"
_NEGATED = re.compile(rf"(?:{_NOT} )+(?P<rest>.+)|n (?:est|a) pas (?P<french>.+)|(?P<behind>.+) (?:nicht|niet|pas)")
# "Not yet won" and "to be signed" are neither won nor lost.
_PLANNED = word_set(
    "almost nearly likely expected probably probable soon verbal verbally yet tobe awaiting forecast "
    "potential fast bald noch bientot encore presque casi aun todavia quase ainda ancora quasi nog bijna "
    "prawdopodobnie скоро еще почти "
    "jamais if when maybe prospective erwartet prevu prevue previsto prevista voraussichtlich back"
)
_ADDED = word_set(
    "closed close deal lead opportunity opp sale sales status stage is was the has been geschlossen abgeschlossen "
    "chance angebot verkaufschance auftrag cloture cloturee ferme fermee affaire opportunite piste cerrado cerrada "
    "oportunidad negocio trato fechado fechada oportunidade e chiuso chiusa opportunita trattativa gesloten kans "
    "zamkniete zamknieta szansa сделка est a ist wurde ha sido foi"
)
_PIPELINE = re.compile(r"\s*[(\uff08][^()\uff08\uff09]*[)\uff09]\s*$")
_NUMBERED = re.compile(r"^\s*\d+\s*[.):、-]\s*")
_PART = re.compile(r"\s+[-\u2013\u2014]\s+|\s*[:\uff1a/|>]\s*")
_OTHER_SCRIPT = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_CJK = ("Chinese", "Japanese", "Korean")
_CJK_NOT = ("未能", "未", "没有", "没", "沒有", "沒", "不", "非", "无法", "無法", "미", "비", "불", "안")
_CJK_NOT_BEHIND = (
    "せず",
    "しない",
    "ならず",
    "되지",
    "실패",
    "못",
    "失败",
    "失敗",
    "不成立",
    "キャンセル",
    "取消",
    "취소",
)
_CJK_PLANNED = (
    *(
        "尚未",
        "还未",
        "還未",
        "暂未",
        "暫未",
        "待",
        "即将",
        "即將",
        "预计",
        "預計",
        "准备",
        "準備",
        "拟",
        "擬",
        "有望",
        "可能",
        "潜在",
    ),
    *("促", "高", "未来", "想", "아직", "예정", "예상"),
)
_CJK_PLANNED_BEHIND = (
    "中",
    "前",
    "可能",
    "予定",
    "見込",
    "待ち",
    "確度",
    "预期",
    "預期",
    "概率",
    "机会",
    "예정",
    "예상",
    "대기",
    "전",
)


def plain_value(value: str) -> str:
    """Return a value without what tools add: case, accents, a pipeline in brackets, dashes, a number before it.

    Examples
    --------
    >>> plain_value("6. Closed - Won (Sales Pipeline)"), plain_value("Gagné"), plain_value("3-成交")
    ('closed won', 'gagne', '成交')
    """
    text = _NUMBERED.sub("", _PIPELINE.sub("", unicodedata.normalize("NFKC", value)))
    text = text.replace("\u2019", "'").casefold().replace("ß", "ss")
    bare = "".join(mark for mark in unicodedata.normalize("NFD", text) if unicodedata.category(mark) != "Mn")
    if _OTHER_SCRIPT.search(text):  # a mark over kana is part of the letter
        bare = text
    elif re.search(r"[\u0400-\u04ff]", text):
        bare = text.replace("\u0451", "\u0435")
    return " ".join(re.sub(r"[^\w]+|_", " ", bare).split())


def meaning(text: str) -> Meaning | None:
    """Say what a value of an outcome column means, in any of `LANGUAGES`.

    Without case and accents, and apart from what tools and people add to it ("6. Closed Won (Sales)", "Lost - Price").
    A negated win ("nicht gewonnen", "未成交") is a loss, a negated loss says nothing, and what is only planned
    ("待签约", "not yet won") is open. A value in which won and lost stand side by side means neither.

    Parameters
    ----------
    text
        The value.

    Returns
    -------
    ``"won"``, ``"lost"``, ``"open"``, or None where no known word says it.

    Examples
    --------
    >>> [meaning(text) for text in ("Closed Won", "Verloren", "未成交", "已签约", "non gagné", "受注見込み", "Level 3")]
    ['won', 'lost', 'lost', 'won', 'lost', 'open', None]
    """
    plain = plain_value(text)
    if not plain:
        return None
    if _OTHER_SCRIPT.search(plain):
        return _inside(plain.replace(" ", ""))
    whole = _of_phrase(plain)
    if whole is not None:
        return whole
    parts = [part for part in map(plain_value, _PART.split(_PIPELINE.sub("", text))) if part]
    if len(parts) < 2:
        return None
    first, others = _of_phrase(parts[0]), {_of_phrase(part) for part in parts[1:]} - {None}
    return first if first is not None and others <= {first} else None


def yes_or_no(values: Sequence[str]) -> tuple[str, str]:
    """Return the value that means yes and the one that means no, two empty texts where these are not one of each.

    Examples
    --------
    >>> yes_or_no(("Nein", "Ja")), yes_or_no(("是", "否")), yes_or_no(("Web", "No"))
    (('Ja', 'Nein'), ('是', '否'), ('', ''))
    """
    yes = [value for value in values if plain_value(value) in _YES]
    no = [value for value in values if plain_value(value) in _NO]
    return (yes[0], no[0]) if len(values) == 2 and len(yes) == len(no) == 1 else ("", "")


def says_no(value: str) -> bool:
    """Tell whether a text means no, in any known language.

    Examples
    --------
    >>> says_no("Nein"), says_no("0"), says_no("00Q5g")
    (True, True, False)
    """
    return plain_value(value) in _NO


def says_removed(value: str) -> bool:
    """Tell whether a text says that a record was deleted, or merged into another, in any known language.

    Examples
    --------
    >>> says_removed("Closed - Duplicate"), says_removed("已合并"), says_removed("Not merged"), says_removed("Lost")
    (True, True, False, False)
    """
    plain = plain_value(value)
    return plain in _REMOVED or " ".join(word for word in plain.split() if word not in _ADDED) in _REMOVED


def _of_phrase(plain: str) -> Meaning | None:
    found = _listed(plain)
    if found is not None:
        return found
    words = plain.split()
    if _PLANNED.intersection(words) or plain.startswith("to be "):
        held = _of_words([word for word in words if word not in _PLANNED and word not in ("to", "be", "not", "nicht")])
        return "open" if held is not None else None
    negated = _NEGATED.fullmatch(plain)
    if negated is not None:
        rest = _of_words((negated["rest"] or negated["french"] or negated["behind"]).split())
        return "lost" if rest == "won" else None
    inner = [place for place, word in enumerate(words) if re.fullmatch(_NOT, word)]
    if inner:  # "deal not won", "affaire non gagnée"
        rest = _of_words([word for place, word in enumerate(words) if place not in inner])
        return "lost" if rest == "won" else None
    return _of_words(words)


def _of_words(words: list[str]) -> Meaning | None:
    """Return what words mean as they are, or without those that name the record."""
    return _listed(" ".join(words)) or _listed(" ".join(word for word in words if word not in _ADDED))


def _listed(plain: str) -> Meaning | None:
    """Return the state that lists the text; None where no list has it, or languages give it different states."""
    found = {state for words in LANGUAGES.values() for state, listed in words.items() if plain in listed}
    return found.pop() if len(found) == 1 else None


_TERMS: tuple[tuple[str, Meaning], ...] = tuple(
    sorted(
        ((term, state) for name in _CJK for state, terms in LANGUAGES[name].items() for term in terms),
        key=lambda pair: (-len(pair[0]), pair[0]),
    )
)


def _inside(plain: str) -> Meaning | None:
    """Find the known terms in a text without spaces, the longest first; each letter belongs to one of them."""
    free, found = plain, set[Meaning]()
    for term, state in _TERMS:
        place = free.find(term)
        if place < 0:
            continue
        before, behind = plain[:place], plain[place + len(term) :]
        read: Meaning | None = state
        if before.endswith(_CJK_PLANNED) or (state != "open" and behind.startswith(_CJK_PLANNED_BEHIND)):
            read = "open"
        elif state != "open" and (before.endswith(_CJK_NOT) or behind.startswith(_CJK_NOT_BEHIND)):
            read = "lost" if state == "won" else None
        if read is not None:
            found.add(read)
        free = f"{free[:place]}{' ' * len(term)}{free[place + len(term) :]}"
    decided = found - {"open"}
    if len(decided) == 1:
        return decided.pop()
    return "open" if found == {"open"} else None
