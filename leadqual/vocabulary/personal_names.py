"""Common names of people: given and family names in Latin letters, and how Chinese, Japanese and Korean ones begin."""

from __future__ import annotations

from leadqual.vocabulary.column_names import word_set

__all__ = ["FAMILY_NAMES", "GIVEN_NAMES", "HAN_FAMILY_NAMES", "HANGUL_FAMILY_NAMES", "JAPANESE_FAMILY_NAMES"]

# Without names that are months, days, places or common words in business (April, Grace, Sofia, Victoria, Mark).
GIVEN_NAMES = word_set(
    "aaron adam adrian ahmed aisha alan alberto alejandro aleksandra alessandro alex alexander alexandra alfredo ali "
    "alice alicia alina alison amanda amelie amit amy ana anastasia anders andre andrea andreas andrei andrew andrzej "
    "angela anil anita anja ann anna anne annette anthony antoine anton antonio arjun arthur astrid barbara beata "
    "beatriz benjamin bernard bernd birgit bjorn bob brian brigitte bruno camille carl carla carlos carmen carol "
    "caroline catarina catherine cecile celine charles chloe chris christian christina christine christoph "
    "christopher claire claudia claudio claus clara cristina daniel daniela dave david deborah denis dennis diana "
    "diego dieter dirk dmitri dmitry dominik donald dorothy dylan edward elena eleni elisabeth elizabeth ellen "
    "emanuel emilia emily emma enrico eric erik eva evelyn fabian fabio fatima federico felipe felix fernanda "
    "fernando filip florian francesca francesco francisco francois franz fred frederic gabriel gabriela gary "
    "george gerard gerd gianni gilles giorgio giovanni giulia giuseppe greg gregory guillaume gustavo guido hannah "
    "hans harald heidi heike heinz helen helena helga henrik henry hugo ian igor ines ingrid irina isabel isabella "
    "isabelle ivan jacek jack jacob jacqueline jakub james jan jane janet janine jason javier jean jeff jennifer jens "
    "jeremy jessica jim joan joana joanna joao joe johan johanna johannes john jonas jonathan jorge jose josef joseph "
    "juan jules julia julian julie julien juliette jurgen justin kai karen karin karl karsten katarina katarzyna kate "
    "katharina katherine kathrin katja keith kenneth kevin kim klaus konstantin krzysztof kristin kurt lars laszlo "
    "laura lauren laurent lea leo leon leonardo lena leticia liam lina linda lisa lorenzo louis louise lucas lucia "
    "luigi luis luisa lukas lukasz luke maciej magdalena manfred manon manuel manuela marc marcel marcelo marcin "
    "marco marcos margaret maria mariana marie marina mario marion marta martha martin martina mary mateusz mathieu "
    "mathilde matteo matthew matthias maximilian megan mehmet melanie meike miguel michael michaela michal michel "
    "michele michelle mike mikael mohamed mohammed monica monika nadia nadine nancy natalia natalie nathalie nathan "
    "nicola nicolas nicole niklas nikolai nina noah nora olaf oleg olga oliver olivia olivier oscar otto pablo paola "
    "paolo patricia patrick paul paula paulo pavel pawel pedro peter petra philip philipp philippe pierre piotr priya "
    "rachel rafael rahul rainer raj ralf ralph ramon raul ravi rebecca regina renate ricardo richard rita robert "
    "roberto rodrigo roger roland roman ron rosa rui rupert russell ruth ryan sabine sabrina salvatore samantha "
    "samuel sandra sara sarah sascha scott sebastian serge sergei sergey sergio sharon silke silvia simon simone "
    "sofie sonia sophie stefan stefanie stephan stephane stephanie stephen steve steven sunita susan susanne sven "
    "svetlana sylvia sylvie tatiana ted teresa thomas thierry thorsten tiago tim timo tina tobias tom tomas tomasz "
    "tony ulrich ulrike ursula ute uwe valentina valeria vera veronica veronique viktor vincent vincenzo virginie "
    "vladimir walter wanda wei werner wilhelm william wojciech wolfgang xavier yan yann yannick yuki yves yvonne zoe "
    "zofia zuzanna"
)
FAMILY_NAMES = word_set(
    "smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez gonzalez wilson "
    "anderson thomas taylor moore jackson martin lee perez thompson white harris sanchez clark ramirez lewis robinson "
    "walker young allen wright scott torres nguyen hill flores green adams nelson baker hall rivera campbell mitchell "
    "carter roberts muller mueller schmidt schneider fischer weber meyer wagner becker schulz hoffmann schafer "
    "schaefer koch bauer richter klein wolf schroder neumann schwarz zimmermann braun kruger hofmann hartmann lange "
    "schmitt werner krause meier lehmann schmid schulze maier kohler herrmann konig walter mayer huber kaiser fuchs "
    "peters lang scholz moller weiss jung hahn strauss strauß bernard dubois petit durand leroy moreau laurent "
    "lefebvre michel bertrand roux fournier girard bonnet dupont lambert fontaine rousseau silva santos oliveira "
    "souza lima pereira ferreira costa almeida carvalho gomes ribeiro martins rossi russo ferrari esposito bianchi "
    "romano colombo ricci marino greco bruno gallo conti kowalski nowak wisniewski wojcik kaminski lewandowski "
    "zielinski ivanov petrov petrova smirnov kuznetsov popov sokolov novak svoboda jansen janssen devries visser "
    "bakker vandijk meijer johansson andersson karlsson nilsson eriksson larsson olsen hansen jensen nielsen pedersen "
    "singh kumar sharma patel gupta khan wang zhang chen liu yang huang zhao zhou tanaka suzuki sato takahashi "
    "watanabe park choi kang oneil obrien murphy kelly"
)
HAN_FAMILY_NAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范"
    "廖石贾韦夏付方邹熊孟秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤張劉陳楊趙吳孫馬羅鄭許韓馮鄧葉"
)
JAPANESE_FAMILY_NAMES = word_set(
    "佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 斎藤 清水 山崎 "
    "阿部 池田 橋本 石川 山下 森 小川 石井 長谷川 後藤 岡田 近藤 前田 藤田 遠藤 青木 坂本 村上 太田 金子 "
    "藤井 福田 西村 三浦 竹内 中川 岡本 松田"
)
HANGUL_FAMILY_NAMES = frozenset("김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구")
