from tests.test_security_requests import *
def test_list(world):
    client = Client(raise_request_exception=False)
    client.force_login(world.accounts["secretary"])
    words = sorted(asked_words())
    names = [name for name, (allowed, _) in EXPECTED.items() if "secretary" in allowed] + list(WITHOUT_UNIT)
    bad=[]
    for name in filter(reads, names):
      for r in RUBBISH:
        a=client.get(address_of(world,name), dict.fromkeys(words,[r,r]))
        if a.status_code>=500: bad.append((name,r[:20]))
    for name in LISTS:
      for w in words:
        for r in ("\x00", "9" * 30, "9" * 5000, "2026-02-31", "9999-12-31", "0001-01-01", "-1", "²", "NaN"):
            sense = {"indicator": world.target.indicator.pk, "value": "3", "day": "2026-03-01"} if "effect" in name else {}
            a=client.get(address_of(world,name), sense|{w:r})
            if a.status_code>=500: bad.append((name,w,r[:20]))
    print(bad)
    open("/tmp/bad.txt","w").write(repr(bad))
