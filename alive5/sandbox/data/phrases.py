"""Names, places and sentences of the people of the sandbox."""

# ruff: noqa: RUF001 - letters of other scripts are what this file is about

from __future__ import annotations

from typing import Final, NamedTuple


class Language(NamedTuple):
    """One language's names, places and sentences."""

    first_names: tuple[str, ...]
    last_names: tuple[str, ...]
    places: tuple[tuple[str, str, str, str], ...]
    questions: tuple[str, ...]
    answers: tuple[str, ...]
    details: tuple[str, ...]
    thanks: tuple[str, ...]
    goodbyes: tuple[str, ...]


ENGLISH: Final = Language(
    ("Grace", "Noah", "Amelia", "Liam", "Zoë", "Patrick"),
    ("O'Neil", "Walker", "Smith-Jones", "Nguyen", "Brown", "Okafor"),
    (("Austin", "TX", "United States", "73301"), ("Portland", "OR", "United States", "97201")),
    (
        "Hi, where is my order?",
        "Do you ship to Canada?",
        'My invoice says "overdue", but I paid it.',
        "Can I change my plan?",
    ),
    (
        "Hello! Let me look that up for you.",
        "Of course, one moment please.",
        "I have sent you a link.",
        "That is included.",
    ),
    (
        "It's order 10-4471, placed on Monday.",
        "I tried twice:\nfirst on my phone,\nthen on my laptop.",
        "=SUM of both, please",
    ),
    ("Thanks a lot! 🙏", "Perfect, that's all.", "Great, have a nice day 😊"),
    ("You're welcome. Have a lovely day!", "Happy to help — bye!"),
)
SPANISH: Final = Language(
    ("Lucía", "Íñigo", "María José", "Andrés", "Begoña"),
    ("García", "Muñoz", "Peña Ibáñez", "Fernández"),
    (("Sevilla", "Andalucía", "España", "41001"), ("Bogotá", "Cundinamarca", "Colombia", "110111")),
    (
        "¿Dónde está mi pedido?",
        "¿Hacen envíos a Chile?",
        "¡Buenos días! Necesito una factura.",
        "¿Puedo cambiar la cita de mañana?",
    ),
    (
        "¡Hola! Ahora mismo lo compruebo.",
        "Claro que sí, un momento.",
        "Le he enviado un enlace.",
        "El envío está incluido.",
    ),
    ("Es el pedido n.º 881.", "Lo pagué ayer:\r\ncon tarjeta.", "Mi año de nacimiento es 1984, señorita."),
    ("Muchas gracias 🙌", "Perfecto, hasta mañana.", "¡Genial!"),
    ("¡A usted! Que tenga un buen día.", "Un placer, ¡hasta pronto!"),
)
FRENCH: Final = Language(
    ("Chloé", "Benoît", "Anaïs", "François"),
    ("Lefèvre", "d'Arcy", "Noël", "Garçon"),
    (("Lyon", "Auvergne-Rhône-Alpes", "France", "69001"), ("Montréal", "QC", "Canada", "H2X 1Y4")),
    (
        "Bonjour, où est ma commande ?",
        "Livrez-vous en Belgique ?",
        "J'ai reçu « le mauvais » modèle.",
        "Est-ce possible de payer en 3 fois ?",
    ),
    (
        "Bonjour ! Je vérifie tout de suite.",
        "Bien sûr, un instant.",
        "Je vous ai envoyé un lien.",
        "C'est compris dans l'offre.",
    ),
    ("C'est la commande n° 55.", "Voici l'adresse :\n12, rue de l'Œuvre\n69001 Lyon", "Ça coûte combien, 10 € ?"),
    ("Merci beaucoup !", "Parfait, à bientôt 👋", "Super, merci à l'équipe."),
    ("Avec plaisir, bonne journée !", "Je vous en prie, à bientôt."),
)
GERMAN: Final = Language(
    ("Jörg", "Änne", "Sören", "Käthe"),
    ("Müller", "Groß", "von Österreich", "Weiß-Schäfer"),
    (("München", "Bayern", "Deutschland", "80331"), ("Zürich", "ZH", "Schweiz", "8001")),
    (
        "Guten Tag, wo bleibt meine Bestellung?",
        "Liefern Sie nach Österreich?",
        "Ich möchte kündigen.",
        "Gibt es das auch in Größe L?",
    ),
    (
        "Guten Tag! Ich sehe gleich nach.",
        "Selbstverständlich, einen Moment.",
        "Ich habe Ihnen einen Link geschickt.",
        "Das ist enthalten.",
    ),
    (
        "Es geht um Auftrag Nr. 7.",
        "Straße und Ort:\n\tHauptstraße 5\n\t80331 München",
        "„Lieferung am 3.“ stand in der Mail.",
    ),
    ("Vielen Dank!", "Prima, schönen Tag noch.", "Danke für die schnelle Hilfe 👍🏽"),
    ("Sehr gern, auf Wiederhören!", "Gern geschehen. Schöne Grüße!"),
)
PORTUGUESE: Final = Language(
    ("João", "Inês", "Antônio", "Conceição"),
    ("Gonçalves", "Assunção", "Araújo", "Simões"),
    (("São Paulo", "SP", "Brasil", "01000-000"), ("Coimbra", "Coimbra", "Portugal", "3000-001")),
    (
        "Olá, cadê meu pedido?",
        "Vocês entregam em Lisboa?",
        "Não consigo entrar na minha conta.",
        "Qual é o horário de amanhã?",
    ),
    ("Olá! Vou verificar agora.", "Claro, só um instante.", "Enviei um link para você.", "Está incluído."),
    ("É o pedido nº 12.", "Já tentei três vezes... 😕", "O código é \\n-42, com barra."),
    ("Muito obrigado!", "Ótimo, até logo.", "Valeu 🇧🇷"),
    ("De nada, tenha um ótimo dia!", "Disponha, até mais."),
)
JAPANESE: Final = Language(
    ("さくら", "健太", "美咲", "翔"),
    ("佐藤", "鈴木", "髙橋", "渡邊"),
    (("大阪市", "大阪府", "日本", "530-0001"), ("札幌市", "北海道", "日本", "060-0001")),
    (
        "注文した商品はいつ届きますか。",
        "領収書をお願いします。",
        "予約を変更したいです。",
        "「在庫あり」と書いてありました。",
    ),
    (
        "お問い合わせありがとうございます。確認いたします。",
        "少々お待ちください。",
        "リンクをお送りしました。",
        "料金に含まれております。",
    ),
    ("注文番号は１２３４です。", "住所:\n〒530-0001\n大阪市北区", "カタカナと漢字、どちらでもいいです。"),
    ("ありがとうございました。🙇‍♀️", "助かりました。", "了解です!"),
    ("またのご利用をお待ちしております。", "失礼いたします。"),
)
ARABIC: Final = Language(
    ("ليلى", "عمر", "نور", "يوسف"),
    ("الحداد", "بن سعيد", "المصري", "خوري"),
    (("القاهرة", "القاهرة", "مصر", "11511"), ("عمّان", "عمّان", "الأردن", "11110")),
    ("مرحبًا، أين طلبي؟", "هل توصلون إلى دبي؟", "أريد تغيير الموعد.", "هل السعر ١٠٠ أم ٢٠٠؟"),
    ("أهلًا وسهلًا! سأتحقق الآن.", "بالتأكيد، لحظة من فضلك.", "أرسلت لكم رابطًا.", "هذا مشمول في العرض."),
    ("رقم الطلب 4471 (باسم Layla).", "العنوان:\nشارع النيل، رقم ٥", "كتبت «عاجل» في الرسالة."),
    ("شكرًا جزيلًا 🌷", "ممتاز، مع السلامة.", "شكرًا لكم."),
    ("على الرحب والسعة، يومًا سعيدًا!", "بكل سرور."),
)
HEBREW: Final = Language(
    ("נועה", "איתן", "תמר", "אורי"),
    ("כהן", "לוי", "בן־דוד", "מזרחי"),
    (("חיפה", "חיפה", "ישראל", "3100001"), ("תל אביב", "תל אביב", "ישראל", "6100001")),
    ("שלום, איפה ההזמנה שלי?", "האם אתם שולחים לאילת?", "אני רוצה לבטל.", "מה שעות הפתיחה?"),
    ("שלום! אני בודקת מיד.", "כמובן, רגע בבקשה.", "שלחתי לך קישור.", "זה כלול במחיר."),
    ("מספר ההזמנה הוא 99.", "הכתובת:\nרחוב הים 3, דירה ב'", 'כתוב "אזל" באתר.'),
    ("תודה רבה!", "מעולה, להתראות 🙂", "תודה."),
    ("בשמחה, יום נעים!", "אין בעד מה."),
)
HINDI: Final = Language(
    ("आरव", "प्रिया", "दीपक", "अनन्या"),
    ("शर्मा", "कृष्णन", "त्रिपाठी", "सिंह"),
    (("जयपुर", "राजस्थान", "भारत", "302001"), ("पुणे", "महाराष्ट्र", "भारत", "411001")),
    ("नमस्ते, मेरा ऑर्डर कहाँ है?", "क्या आप दिल्ली में डिलीवरी करते हैं?", "मुझे बिल चाहिए।", "क्या कल मिलना हो सकता है?"),
    ("नमस्ते! मैं अभी देखती हूँ।", "ज़रूर, एक क्षण दीजिए।", "मैंने आपको लिंक भेज दिया है।", "यह शामिल है।"),
    ("ऑर्डर संख्या १२ है।", "पता:\nगली ३, जयपुर", "मैंने 'हाँ' लिखा था।"),
    ("बहुत धन्यवाद 🙏🏾", "ठीक है, शुक्रिया।", "बढ़िया!"),
    ("आपका स्वागत है, शुभ दिन!", "फिर मिलेंगे।"),
)

LANGUAGES: Final = (ENGLISH, SPANISH, ENGLISH, FRENCH, GERMAN, JAPANESE, SPANISH, ARABIC, HINDI, PORTUGUESE, HEBREW)
"""English and Spanish twice: they are the most common."""

PAGES: Final = ("/", "/pricing", "/contact?topic=billing", "/products/blue%20mug", "/es/ayuda")
REFERRERS: Final = ("", "https://www.example.org/search?q=mugs&hl=en", "https://news.example.com/article/7#top")
NOTES: Final = (None, None, "", "Prefers mornings.", 'VIP; call back\n"soon"', "Contacto: sólo por correo")
TAGS: Final = ("billing", "order", "VIP", "español", "after hours", "follow-up 📌")
