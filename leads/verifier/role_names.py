"""Local parts that name a function rather than a person, in ten languages, without separators."""

_NAMES = """
abuse accounting accounts accountspayable admin administration administrator ads advertising
ap apply appointments ar assistance association backoffice billing board booking bookings
business buero campaign career careers catering ceo cfo chef clinic club community complaints
compliance connect contact contactus contracts corporate cs customercare customers
customerservice customersupport cto data dataprotection datenschutz delivery design dev
developers devnull director directors dispatch distribution dns donations dpo editor editorial
editors education email emergency employment engineering enquire enquiries enquiry estimates
events everyone exec executive export fax feedback finance financial franchise frontdesk ftp
fundraising gallery gdpr general generalmanager giftshop group guestservices hallo headoffice
hello help helpdesk hi hola home hospitality hostmaster hotel hr human humanresources import
info infos information inquiries inquiry insurance intake international internship investor
investors invoice invoices it itsupport job jobs journal kitchen legal library licensing
listserv location logistics loyalty mail mailbox maildaemon mailer mailerdaemon mailing main
maintenance manager management marketing media member members membership merchandise network
news newsletter noc noreply donotreply nobody office officemanager oficina online operations
order orders organizer owner parts partner partners partnerships payable payments payroll
personnel photo planning post postbox postmaster pr presales president press principal privacy
procurement production project projects property public publicity purchase purchasing quality
quote quotes reception receptionist recruiter recruiting recruitment referrals registrar
registration remove rental rentals repairs request requests research reservation reservations
restaurant returns root rsvp safety sale sales salon school secretariat secretary security
sekretariat service servicedesk services shipping shop showroom social spam sponsorship staff
store student students studio submissions subscribe subscription subscriptions suggestions
support sysadmin talent team tech techsupport technical technik test tickets tours trade
training travel treasurer trustees undisclosedrecipients unsubscribe usenet user uucp vendor
vendors venue verkauf volunteer volunteers warehouse web webadmin webmaster website wecare
welcome wholesale workshop www
anfrage anfragen ansprechpartner bestellung bestellungen bewerbung buchhaltung empfang
geschaeftsfuehrung gf hausverwaltung impressum kanzlei kontakt kundendienst kundenservice
mitarbeiter personal praxis rechnung rechnungen redaktion reservierung vertrieb verwaltung
vorstand werkstatt zentrale
accueil achat achats administratif bonjour boutique cabinet commande commandes commercial
communication compta comptabilite courrier devis direction facturation gerance mairie
recrutement renseignements rh secretaire serviceclient ventes
administracion atencion atencionalcliente citas clientes comercial compras consulta consultas
contabilidad contacto correo direccion empleo facturacion gerencia informacion pedidos
presupuesto presupuestos recepcion reservas rrhh secretaria soporte tienda ventas
acquisti amministrazione assistenza clienti commerciale contabilita contatti contatto
direzione fatture fatturazione informazioni lavoro negozio ordini ordine posta prenotazioni
preventivi redazione segreteria servizio ufficio vendite
administracao atendimento contabilidade contato contacto direcao encomendas
faturacao financeiro geral loja orcamento orcamentos recepcao recrutamento suporte vendas
administratie afspraak bestelling boekhouding factuur facturen inkoop klantenservice
receptie secretariaat verkoop werkplaats winkel
biuro handlowy kadry kancelaria ksiegowosc oferta poczta praca recepcja reklamacje rezerwacja
serwis sklep sprzedaz zamowienia
bokning bokningar butik ekonomi faktura forsaljning kansli kundtjanst order ordermottagning
receptionen verkstad
toiawase otoiawase saiyo somu eigyo madoguchi
"""

ROLE_NAMES = frozenset(_NAMES.split())
