"""Domains where anybody can have a mailbox: free mail services and the mail of access providers."""


def _national(name: str, suffixes: str) -> set[str]:
    return {f"{name}.{suffix}" for suffix in suffixes.split()}


_WORLDWIDE = """
gmail.com googlemail.com icloud.com me.com mac.com aol.com aim.com msn.com ymail.com rocketmail.com
myyahoo.com passport.com windowslive.com proton.me protonmail.com protonmail.ch pm.me tutanota.com
tutanota.de tutamail.com tuta.io tuta.com keemail.me fastmail.com fastmail.fm fastmail.net
fastmail.org mailfence.com hushmail.com hush.com hushmail.me zoho.com zohomail.com zohomail.eu
zohomail.in mail.com email.com usa.com post.com europe.com asia.com consultant.com engineer.com
dr.com myself.com techie.com writeme.com iname.com cheerful.com accountant.com
lawyer.com doctor.com contractor.net financier.com musician.org chef.net hairdresser.net
inbox.com lycos.com excite.com juno.com netzero.net netzero.com bigfoot.com runbox.com posteo.net
disroot.org riseup.net autistici.org mailbox.org startmail.com ctemplar.com hey.com duck.com
skiff.com simplelogin.com opayq.com relay.firefox.com mozmail.com yopmail.net gawab.com
rediffmail.com rediff.com indiatimes.com in.com sify.com
"""
_NORTH_AMERICA = """
comcast.net verizon.net att.net sbcglobal.net bellsouth.net pacbell.net ameritech.net flash.net
swbell.net snet.net prodigy.net nvbell.net cox.net charter.net spectrum.net roadrunner.com rr.com
twc.com earthlink.net mindspring.com optonline.net optimum.net suddenlink.net frontier.com
frontiernet.net centurylink.net centurytel.net embarqmail.com q.com windstream.net cableone.net
wowway.com rcn.com tds.net mediacombb.net hughes.net peoplepc.com netscape.net netscape.com
compuserve.com cs.com adelphia.net ptd.net
rogers.com bell.net sympatico.ca shaw.ca telus.net videotron.ca cogeco.ca eastlink.ca sasktel.net
mts.net nb.sympatico.ca teksavvy.com
"""
_BRITAIN_AND_IRELAND = """
btinternet.com btopenworld.com btconnect.com talktalk.net talktalk.co.uk tiscali.co.uk sky.com
virginmedia.com virgin.net ntlworld.com blueyonder.co.uk plusnet.com plus.net plus.com orange.net
o2.co.uk tesco.net freeserve.co.uk fsnet.co.uk wanadoo.co.uk ukgateway.net onetel.com supanet.com
lineone.net mail2web.com eircom.net iol.ie indigo.ie
"""
_GERMANY_AUSTRIA_SWITZERLAND = """
web.de t-online.de freenet.de arcor.de online.de 1und1.de vodafone.de vodafonemail.de kabelmail.de
unitybox.de ewe.net ewetel.net osnanet.de netcologne.de versanet.de alice.de alice-dsl.net
o2online.de o2mail.de magenta.de email.de posteo.de mail.de kabelbw.de tonline.de
aon.at chello.at inode.at drei.at utanet.at a1.net liwest.at
bluewin.ch sunrise.ch hispeed.ch swissonline.ch quickline.ch vtxmail.ch netplus.ch bluemail.ch
"""
_FRANCE_AND_BENELUX = """
orange.fr wanadoo.fr free.fr sfr.fr neuf.fr laposte.net bbox.fr numericable.fr cegetel.net
club-internet.fr aliceadsl.fr noos.fr voila.fr libertysurf.fr 9online.fr dbmail.com infonie.fr
skynet.be telenet.be proximus.be belgacom.net scarlet.be voo.be brutele.be pandora.be
ziggo.nl kpnmail.nl kpnplanet.nl planet.nl hetnet.nl home.nl xs4all.nl chello.nl upcmail.nl
casema.nl zonnet.nl telfort.nl tele2.nl quicknet.nl caiway.nl solcon.nl
onsbrabantnet.nl zeelandnet.nl
pt.lu internet.lu
"""
_SOUTHERN_EUROPE = """
libero.it virgilio.it alice.it tin.it tim.it tiscali.it fastwebnet.it inwind.it iol.it blu.it
email.it poste.it teletu.it vodafone.it aruba.it pec.it katamail.com supereva.it
telefonica.net movistar.es terra.es ono.com orange.es wanadoo.es ya.com euskaltel.net jazztel.es
mundo-r.com eresmas.com
sapo.pt clix.pt netcabo.pt iol.pt mail.telepac.pt zonmail.pt portugalmail.pt
otenet.gr forthnet.gr hol.gr in.gr mail.gr freemail.gr cytanet.com.cy maltanet.net
"""
_NORTHERN_EUROPE = """
telia.com bredband.net comhem.se spray.se tele2.se bahnhof.se bredband2.com home.se
online.no broadpark.no getmail.no lyse.net altibox.no frisurf.no
mail.dk tdcadsl.dk stofanet.dk post.tele.dk jubii.dk ofir.dk youmail.dk get2net.dk webspeed.dk
luukku.com kolumbus.fi elisanet.fi saunalahti.fi suomi24.fi pp.inet.fi netti.fi phnet.fi
dnainternet.net simnet.is vortex.is internet.is mail.ee hot.ee inbox.lv inbox.lt one.lt
"""
_EASTERN_EUROPE = """
wp.pl o2.pl onet.pl op.pl onet.eu poczta.onet.pl interia.pl interia.eu poczta.fm gazeta.pl tlen.pl
vp.pl go2.pl autograf.pl neostrada.pl spoko.pl buziaczek.pl poczta.pl
seznam.cz email.cz post.cz centrum.cz volny.cz atlas.cz quick.cz tiscali.cz centrum.sk azet.sk
post.sk zoznam.sk pobox.sk freemail.hu citromail.hu t-online.hu vipmail.hu indamail.hu upcmail.hu
abv.bg mail.bg dir.bg gbg.bg siol.net volja.net t-2.net net.hr inet.hr t-com.hr vip.hr
mail.ru list.ru bk.ru inbox.ru internet.ru rambler.ru lenta.ru autorambler.ru myrambler.ru ro.ru
ya.ru narod.ru pochta.ru qip.ru land.ru nm.ru
ukr.net i.ua meta.ua bigmir.net email.ua online.ua tut.by tut.am mail.kz
"""
_ASIA_AND_PACIFIC = """
qq.com foxmail.com 163.com 126.com yeah.net vip.163.com sina.com sina.cn vip.sina.com sohu.com
139.com 189.cn wo.cn 21cn.com tom.com aliyun.com 263.net
naver.com daum.net hanmail.net nate.com kakao.com dreamwiz.com korea.com lycos.co.kr
docomo.ne.jp ezweb.ne.jp au.com softbank.ne.jp i.softbank.jp nifty.com biglobe.ne.jp ocn.ne.jp
so-net.ne.jp plala.or.jp dion.ne.jp infoseek.jp excite.co.jp goo.jp
hinet.net seed.net.tw pchome.com.tw ms1.hinet.net netvigator.com singnet.com.sg pacific.net.sg
starhub.net.sg streamyx.com tm.net.my
bigpond.com bigpond.net.au optusnet.com.au iinet.net.au internode.on.net tpg.com.au westnet.com.au
ozemail.com.au dodo.com.au adam.com.au xtra.co.nz slingshot.co.nz orcon.net.nz clear.net.nz
paradise.net.nz ihug.co.nz vodafone.co.nz
"""
_LATIN_AMERICA_AFRICA_NEAR_EAST = """
uol.com.br bol.com.br terra.com.br ig.com.br globo.com globomail.com oi.com.br r7.com zipmail.com.br
pop.com.br superig.com.br veloxmail.com.br
prodigy.net.mx infinitum.com.mx fibertel.com.ar ciudad.com.ar arnet.com.ar speedy.com.ar
uolsinectis.com.ar une.net.co etb.net.co vtr.net entelchile.net cantv.net adinet.com.uy
mweb.co.za telkomsa.net vodamail.co.za webmail.co.za absamail.co.za iafrica.com lantic.net
walla.com walla.co.il netvision.net.il bezeqint.net 012.net.il 013.net mynet.com superonline.com
ttmail.com turk.net emirates.net.ae eim.ae maktoob.com menara.ma
"""
_YAHOO = """
com ca co.uk ie fr de it es pt gr at be nl se no dk fi pl ro hu cz co.in in co.jp com.au co.nz
com.br com.mx com.ar com.co com.pe com.ve cl com.cn com.hk com.tw com.sg com.ph com.my co.id
com.vn co.th co.kr co.za com.tr co.il
"""
_MICROSOFT = """
com ca co.uk ie fr de it es pt gr at be nl ch se no dk fi pl hu cz sk co.in in co.jp jp com.au
co.nz com.br com.mx com.ar com.pe cl com.vn co.th co.kr com.tr co.il co.za ru cn hk my sg ph
rs lv lt
"""
_GMX = "com net de at ch info eu fr co.uk us es it biz org li"
_YANDEX = "com ru ua by kz com.tr uz com.am com.ge lv lt ee md"

FREE_MAIL_DOMAINS = frozenset(
    " ".join(
        (
            _WORLDWIDE,
            _NORTH_AMERICA,
            _BRITAIN_AND_IRELAND,
            _GERMANY_AUSTRIA_SWITZERLAND,
            _FRANCE_AND_BENELUX,
            _SOUTHERN_EUROPE,
            _NORTHERN_EUROPE,
            _EASTERN_EUROPE,
            _ASIA_AND_PACIFIC,
            _LATIN_AMERICA_AFRICA_NEAR_EAST,
        )
    ).split()
).union(
    _national("yahoo", _YAHOO),
    _national("hotmail", _MICROSOFT),
    _national("live", _MICROSOFT),
    _national("outlook", _MICROSOFT),
    _national("gmx", _GMX),
    _national("yandex", _YANDEX),
    _national("aol", "co.uk de fr it es jp nl be se ca at ch pl com.au com.br com.mx in"),
)
