"""The words of invented websites in ten languages: menus, labels, sentences."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wording:
    """One language: `pages` maps page keys to (slug, menu label); sentences fill the pages."""

    pages: Mapping[str, tuple[str, str]]
    phone: str
    fax: str
    email: str
    address: str
    hours: str
    weekdays: str
    follow: str
    welcome: str
    cookies: str
    accept: str
    older: str
    staff_role: str
    sentences: tuple[str, ...]


_LABEL_FIELDS = (
    *("phone", "fax", "email", "address", "hours", "weekdays", "follow", "welcome", "cookies"),
    *("accept", "older", "staff_role"),
)


def _wording(menu: str, labels: str, sentences: tuple[str, ...]) -> Wording:
    """Read the compact rows below: `key=slug=label` in the menu, labels in field order."""
    pages = {}
    for entry in menu.split("|"):
        key, slug, label = entry.split("=")
        pages[key] = (slug, label)
    words = dict(zip(_LABEL_FIELDS, labels.split("|"), strict=True))
    return Wording(pages=pages, sentences=sentences, **words)


_ENGLISH_MENU = (
    "home==Home|contact=contact=Contact|about=about-us=About us|team=our-team=Our team"
    "|legal=legal-notice=Legal notice|privacy=privacy-policy=Privacy policy"
    "|services=services=Services|prices=prices=Prices|gallery=gallery=Gallery|faq=faq=FAQ"
    "|reviews=reviews=Reviews|careers=careers=Careers|locations=areas-we-serve=Areas we serve"
    "|news=news=News|blog=blog=Blog"
)

WORDINGS: Mapping[str, Wording] = {
    "en": _wording(
        _ENGLISH_MENU,
        "Phone|Fax|Email|Address|Opening hours|Mon-Fri|Follow us|Welcome to|We use cookies to make"
        " this website work and to understand how it is used.|Accept all|Older posts|Manager",
        (
            "We have looked after families in this neighbourhood for more than twenty years.",
            "Our doors are open on weekdays, and on some Saturdays by appointment.",
            "Every new customer is met by a person, never by a machine.",
            "Parking is free behind the building and the bus stops across the street.",
            "Ask for a written estimate: what we quote is what you pay.",
            "Our team trains every year, so that you get the best that is known today.",
            "Most of our customers come because a friend told them about us.",
            "We speak English and Spanish, and we are glad to help with your papers.",
        ),
    ),
    "de": _wording(
        "home==Startseite|contact=kontakt=Kontakt|about=ueber-uns=Über uns|team=team=Team"
        "|legal=impressum=Impressum|privacy=datenschutz=Datenschutz|services=leistungen=Leistungen"
        "|prices=preise=Preise|gallery=galerie=Galerie|faq=fragen=Häufige Fragen"
        "|reviews=stimmen=Kundenstimmen|careers=stellen=Stellenangebote|locations=anfahrt=Anfahrt"
        "|news=aktuelles=Aktuelles|blog=blog=Blog",
        "Telefon|Telefax|E-Mail|Anschrift|Öffnungszeiten|Mo-Fr|Folgen Sie uns|Willkommen bei|Diese"
        " Website verwendet Cookies, damit sie richtig funktioniert.|Alle akzeptieren"
        "|Ältere Beiträge|Leitung",
        (
            "Seit über zwanzig Jahren sind wir für die Menschen in unserem Kiez da.",
            "Wir nehmen uns Zeit für ein ausführliches Gespräch, bevor wir beginnen.",
            "Unsere Räume sind barrierefrei und mit Bus und Bahn gut zu erreichen.",
            "Auf Wunsch erhalten Sie vorab ein schriftliches Angebot ohne versteckte Kosten.",
            "Regelmäßige Fortbildungen gehören für unser Team selbstverständlich dazu.",
            "Viele unserer Kundinnen und Kunden kommen auf Empfehlung zu uns.",
        ),
    ),
    "fr": _wording(
        "home==Accueil|contact=contact=Contact|about=a-propos=À propos|team=equipe=Notre équipe"
        "|legal=mentions-legales=Mentions légales|privacy=confidentialite=Confidentialité"
        "|services=prestations=Prestations|prices=tarifs=Tarifs|gallery=galerie=Galerie"
        "|faq=questions=Questions fréquentes|reviews=avis=Avis|careers=recrutement=Recrutement"
        "|locations=acces=Accès|news=actualites=Actualités|blog=blog=Blog",
        "Téléphone|Fax|E-mail|Adresse|Horaires|Lun-Ven|Suivez-nous|Bienvenue chez|Ce site utilise"
        " des cookies pour fonctionner et mesurer son audience.|Tout accepter"
        "|Articles précédents|Direction",
        (
            "Depuis plus de vingt ans, nous accompagnons les habitants du quartier.",
            "Nous prenons le temps de vous écouter avant de vous proposer une solution.",
            "Nos locaux sont accessibles à tous, à deux pas du métro.",
            "Un devis écrit et détaillé vous est remis avant toute intervention.",
            "Notre équipe se forme chaque année aux dernières techniques.",
            "La plupart de nos clients viennent sur recommandation.",
        ),
    ),
    "es": _wording(
        "home==Inicio|contact=contacto=Contacto|about=sobre-nosotros=Sobre nosotros"
        "|team=equipo=Nuestro equipo|legal=aviso-legal=Aviso legal|privacy=privacidad=Privacidad"
        "|services=servicios=Servicios|prices=precios=Precios|gallery=galeria=Galería"
        "|faq=preguntas=Preguntas frecuentes|reviews=opiniones=Opiniones|careers=empleo=Empleo"
        "|locations=zonas=Zonas|news=noticias=Noticias|blog=blog=Blog",
        "Teléfono|Fax|Correo electrónico|Dirección|Horario|Lun-Vie|Síganos|Bienvenidos a|Usamos"
        " cookies para que este sitio funcione mejor.|Aceptar todo|Entradas antiguas|Gerencia",
        (
            "Llevamos más de veinte años al servicio de las familias del barrio.",
            "Le atendemos en español y en inglés, siempre con una sonrisa.",
            "El aparcamiento es gratuito y el autobús para delante de la puerta.",
            "Le damos un presupuesto por escrito y sin sorpresas.",
            "Nuestro equipo se forma cada año en las mejores escuelas.",
        ),
    ),
    "it": _wording(
        "home==Home|contact=contatti=Contatti|about=chi-siamo=Chi siamo|team=il-team=Il team"
        "|legal=note-legali=Note legali|privacy=privacy=Privacy|services=servizi=Servizi"
        "|prices=prezzi=Prezzi|gallery=galleria=Galleria|faq=domande=Domande frequenti"
        "|reviews=recensioni=Recensioni|careers=lavora=Lavora da noi|locations=zone=Zone"
        "|news=novita=Novità|blog=blog=Blog",
        "Telefono|Fax|E-mail|Indirizzo|Orari|Lun-Ven|Seguici|Benvenuti da|Questo sito usa i"
        " cookie per funzionare al meglio.|Accetta tutto|Articoli precedenti|Direzione",
        (
            "Da oltre vent'anni siamo un punto di riferimento per il quartiere.",
            "Accogliamo ogni cliente con calma e con un buon caffè.",
            "Il preventivo è scritto, chiaro e senza sorprese.",
        ),
    ),
    "nl": _wording(
        "home==Home|contact=contact=Contact|about=over-ons=Over ons|team=ons-team=Ons team"
        "|legal=colofon=Colofon|privacy=privacyverklaring=Privacyverklaring"
        "|services=diensten=Diensten|prices=tarieven=Tarieven|gallery=galerij=Galerij"
        "|faq=vragen=Veelgestelde vragen|reviews=ervaringen=Ervaringen|careers=vacatures=Vacatures"
        "|locations=route=Route|news=nieuws=Nieuws|blog=blog=Blog",
        "Telefoon|Fax|E-mail|Adres|Openingstijden|Ma-Vr|Volg ons|Welkom bij|Deze website gebruikt"
        " cookies om goed te werken.|Alles accepteren|Oudere berichten|Leiding",
        (
            "Al meer dan twintig jaar helpen wij de mensen in onze buurt.",
            "Wij nemen de tijd voor een goed gesprek.",
            "U krijgt vooraf een duidelijke offerte op papier.",
        ),
    ),
    "pt": _wording(
        "home==Início|contact=contato=Contato|about=sobre=Sobre nós|team=equipe=Equipe"
        "|legal=aviso-legal=Aviso legal|privacy=privacidade=Privacidade|services=servicos=Serviços"
        "|prices=precos=Preços|gallery=galeria=Galeria|faq=perguntas=Perguntas frequentes"
        "|reviews=opinioes=Opiniões|careers=vagas=Vagas|locations=zonas=Zonas"
        "|news=noticias=Notícias|blog=blog=Blog",
        "Telefone|Fax|E-mail|Endereço|Horário|Seg-Sex|Siga-nos|Bem-vindo a|Este site usa cookies"
        " para funcionar melhor.|Aceitar tudo|Mensagens antigas|Gerência",
        (
            "Há mais de vinte anos cuidamos das famílias do bairro.",
            "Recebemos cada cliente com tempo e atenção.",
            "O orçamento é feito por escrito e sem surpresas.",
        ),
    ),
    "pl": _wording(
        "home==Start|contact=kontakt=Kontakt|about=o-nas=O nas|team=zespol=Nasz zespół"
        "|legal=nota-prawna=Nota prawna|privacy=polityka-prywatnosci=Polityka prywatności"
        "|services=uslugi=Usługi|prices=cennik=Cennik|gallery=galeria=Galeria|faq=pytania=Pytania"
        "|reviews=opinie=Opinie|careers=praca=Praca|locations=dojazd=Dojazd"
        "|news=aktualnosci=Aktualności|blog=blog=Blog",
        "Telefon|Faks|E-mail|Adres|Godziny otwarcia|Pn-Pt|Obserwuj nas|Witamy w|Ta strona używa"
        " plików cookie, aby działać poprawnie.|Akceptuję|Starsze wpisy|Kierownictwo",
        (
            "Od ponad dwudziestu lat służymy mieszkańcom naszej dzielnicy.",
            "Każdego klienta przyjmujemy spokojnie i z uśmiechem.",
            "Wycenę przygotowujemy na piśmie, bez ukrytych kosztów.",
        ),
    ),
    "sv": _wording(
        "home==Hem|contact=kontakta-oss=Kontakta oss|about=om-oss=Om oss|team=personal=Personal"
        "|legal=juridisk-information=Juridisk information"
        "|privacy=integritetspolicy=Integritetspolicy|services=tjanster=Tjänster"
        "|prices=priser=Priser|gallery=galleri=Galleri|faq=fragor=Vanliga frågor"
        "|reviews=omdomen=Omdömen|careers=jobb=Jobb|locations=hitta-hit=Hitta hit"
        "|news=nyheter=Nyheter|blog=blogg=Blogg",
        "Telefon|Fax|E-post|Adress|Öppettider|Mån-Fre|Följ oss|Välkommen till|Den här webbplatsen"
        " använder kakor.|Godkänn alla|Äldre inlägg|Ledning",
        (
            "I över tjugo år har vi tagit hand om människorna i kvarteret.",
            "Vi tar oss tid för ett ordentligt samtal.",
            "Du får alltid en skriftlig offert i förväg.",
        ),
    ),
    "ja": _wording(
        "home==ホーム|contact=toiawase=お問い合わせ|about=company=会社概要|team=staff=スタッフ"
        "|legal=tokutei=特定商取引法に基づく表記|privacy=privacy=プライバシーポリシー"
        "|services=service=サービス|prices=price=料金|gallery=gallery=ギャラリー"
        "|faq=faq=よくある質問|reviews=voice=お客様の声|careers=recruit=採用情報"
        "|locations=access=アクセス|news=news=お知らせ|blog=blog=ブログ",
        "電話|FAX|メール|住所|営業時間|月-金|フォローする|ようこそ"
        "|このサイトはクッキーを使用しています。|同意する|過去の記事|代表",
        (
            "地域の皆さまに二十年以上ご利用いただいております。",
            "お一人お一人とゆっくりお話しすることを大切にしています。",
            "お見積もりは書面でお渡しいたします。",
        ),
    ),
}


def page_slug(language: str, key: str) -> str:
    """Return the URL slug of a page key; "" for home, the key itself for posts and archives."""
    return WORDINGS[language].pages.get(key, (key, key))[0]


def page_label(language: str, key: str) -> str:
    """Return the menu label of a page key."""
    return WORDINGS[language].pages.get(key, (key, key.replace("-", " ").capitalize()))[1]
