"""Well-known free-mail and throw-away mail domains (IDN-8). A policy adds its own and excepts some, under `domains`."""

from __future__ import annotations

PERSONAL: frozenset[str] = frozenset(
    """
    aim.com aol.com att.net bellsouth.net bigpond.com bluewin.ch btinternet.com charter.net comcast.net cox.net
    daum.net duck.com earthlink.net email.com fastmail.com fastmail.fm free.fr freenet.de gmail.com gmx.at gmx.ch
    gmx.com gmx.de gmx.net googlemail.com hanmail.net hey.com hotmail.co.uk hotmail.com hotmail.de hotmail.es
    hotmail.fr hotmail.it hushmail.com icloud.com inbox.com juno.com laposte.net libero.it live.com live.co.uk
    live.fr live.nl mac.com mail.com mail.ru me.com msn.com naver.com ntlworld.com optonline.net orange.fr
    outlook.com outlook.de outlook.es outlook.fr pm.me posteo.de proton.me protonmail.com qq.com rediffmail.com
    rocketmail.com rogers.com sbcglobal.net seznam.cz sfr.fr shaw.ca sina.com sky.com t-online.de telus.net
    terra.com.br tiscali.it tutanota.com uol.com.br verizon.net virgilio.it virginmedia.com wanadoo.fr web.de wp.pl
    yahoo.ca yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.au yahoo.com.br yahoo.de yahoo.es yahoo.fr
    yahoo.in yahoo.it yandex.com yandex.ru ymail.com zoho.com zohomail.com 126.com 163.com
    """.split()  # noqa: SIM905 - as a list each domain would take a line
)

DISPOSABLE: frozenset[str] = frozenset(
    """
    10minutemail.com 20minutemail.com burnermail.io dispostable.com emailondeck.com fakeinbox.com getairmail.com
    getnada.com grr.la guerrillamail.com guerrillamail.info guerrillamail.net guerrillamailblock.com inboxkitten.com
    mail-temp.com mailcatch.com maildrop.cc mailinator.com mailnesia.com mailsac.com mintemail.com moakt.com
    mohmal.com mytemp.email sharklasers.com spam4.me spamgourmet.com temp-mail.org tempail.com tempmail.com
    tempr.email throwawaymail.com trashmail.com trashmail.de yopmail.com yopmail.fr yopmail.net
    """.split()  # noqa: SIM905 - as a list each domain would take a line
)
