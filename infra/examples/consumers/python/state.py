"""The rule of state: what a message of the feed changes in a consumer's copy of the mirror."""

from bisect import insort

EPOCH = 10**9


def apply(copy, attributes, data):
    """Applies a message to the copy. Messages may come in any order, and any number of times."""
    watch_id, replay_id, kind = attributes["watch"], attributes.get("replay"), attributes["ce-type"]
    watch = copy["watches"].setdefault(watch_id, {"upTo": 0, "ahead": [], "last": 0})
    replay = replay_id and copy["replays"].setdefault(f"{watch_id}/{replay_id}", {"seen": {}})
    if "change" in attributes:
        sequence = data["sequence"]
        # Pub/Sub takes no attribute of over 1,024 bytes: the data says the same.
        place = [data["user"], data["resource"], data["calendarId"], data["itemId"]]
        subject = attributes.get("ce-subject", str(place))
        held = copy["items"].get(subject)
        # A deleted item is kept without its content. Of what is not held, every change up to `upTo` is known.
        if sequence > (held["sequence"] if held else watch["upTo"]):
            copy["items"][subject] = {"watch": watch_id, "sequence": sequence, "item": data["after"]}
        if replay:
            replay["seen"][subject] = True
        else:
            insort(watch["ahead"], sequence)
    elif kind.startswith("calendar.watch."):
        watch["last"] = max(watch["last"], data["sequence"])
    elif kind == "calendar.replay.ended":
        replay["ended"] = data
    if replay and "ended" in replay and len(replay["seen"]) >= replay["ended"]["count"]:
        end_replay(copy, watch_id, replay)
    count(watch)


def end_replay(copy, watch_id, replay):
    """Drops what is held of the watch and was neither replayed nor changed since: its deletion was lost."""
    sequence, watch = replay["ended"]["sequence"], copy["watches"][watch_id]
    for subject, held in list(copy["items"].items()):
        if held["watch"] == watch_id and held["sequence"] <= sequence and subject not in replay["seen"]:
            del copy["items"][subject]
    watch["upTo"] = max(watch["upTo"], sequence)
    replay["seen"] = {}


def count(watch):
    """Moves `upTo` over the numbers that follow it, and to a new epoch. What stays in `ahead` is behind a hole."""
    ahead = watch["ahead"]
    while ahead and (ahead[0] <= watch["upTo"] + 1 or ahead[0] % EPOCH == 1):
        watch["upTo"] = max(watch["upTo"], ahead.pop(0))


def has_hole(watch):
    """Returns whether a change after `upTo` is missing. An epoch that has no number yet ends in nine zeros."""
    return bool(watch["ahead"]) or (watch["last"] > watch["upTo"] and watch["last"] % EPOCH > 0)
