package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Copy is what a consumer holds of the mirror.
type Copy struct {
	Items   map[string]*Item   `json:"items"`
	Watches map[string]*Watch  `json:"watches"`
	Replays map[string]*Replay `json:"replays"`
}

// Item is the last change of an item. A deleted item has the content null.
type Item struct {
	Watch    string          `json:"watch"`
	Sequence int64           `json:"sequence"`
	Item     json.RawMessage `json:"item"`
}

// Watch has the numbers of a watch: all up to UpTo are known, those in Ahead come after a hole.
type Watch struct {
	UpTo  int64   `json:"upTo"`
	Ahead []int64 `json:"ahead"`
	Last  int64   `json:"last"`
}

// Replay has the items that were seen in a replay of a watch, and its last message.
type Replay struct {
	Seen  map[string]bool `json:"seen"`
	Ended *Data           `json:"ended,omitempty"`
}

// Data is what this program reads of a message's data.
type Data struct {
	User, Resource, CalendarID, ItemID string
	Sequence                           int64
	After                              json.RawMessage
	Count                              int
}

const epoch = 1_000_000_000

// Apply applies a message to the copy. Messages may come in any order, and any number of times.
func (c *Copy) Apply(attributes map[string]string, data Data) {
	id, replayID := attributes["watch"], attributes["replay"]
	watch, replay := entry(c.Watches, id, &Watch{}), &Replay{Seen: map[string]bool{}}
	if replayID != "" {
		replay = entry(c.Replays, id+"/"+replayID, replay)
	}
	switch kind := attributes["ce-type"]; {
	case attributes["change"] != "":
		// Pub/Sub takes no attribute of over 1,024 bytes: the data says the same.
		place := fmt.Sprintf("%q", []string{data.User, data.Resource, data.CalendarID, data.ItemID})
		subject := cmp.Or(attributes["ce-subject"], place)
		// A deleted item is kept without its content. Of what is not held, every change up to UpTo is known.
		held := c.Items[subject]
		if held == nil && data.Sequence > watch.UpTo || held != nil && data.Sequence > held.Sequence {
			c.Items[subject] = &Item{id, data.Sequence, data.After}
		}
		replay.Seen[subject] = true
		if replayID == "" {
			watch.Ahead = append(watch.Ahead, data.Sequence)
		}
	case strings.HasPrefix(kind, "calendar.watch."):
		watch.Last = max(watch.Last, data.Sequence)
	case kind == "calendar.replay.ended":
		replay.Ended = &data
	}
	if replay.Ended != nil && len(replay.Seen) >= replay.Ended.Count {
		c.endReplay(id, replay)
	}
	watch.count()
}

// endReplay drops what is held of the watch and was neither replayed nor changed since: its deletion was lost.
func (c *Copy) endReplay(id string, replay *Replay) {
	for subject, held := range c.Items {
		if held.Watch == id && held.Sequence <= replay.Ended.Sequence && !replay.Seen[subject] {
			delete(c.Items, subject)
		}
	}
	c.Watches[id].UpTo = max(c.Watches[id].UpTo, replay.Ended.Sequence)
	clear(replay.Seen)
}

// count moves UpTo over the numbers that follow it, and to a new epoch. What stays in Ahead is behind a hole.
func (w *Watch) count() {
	slices.Sort(w.Ahead)
	for len(w.Ahead) > 0 && (w.Ahead[0] <= w.UpTo+1 || w.Ahead[0]%epoch == 1) {
		w.UpTo, w.Ahead = max(w.UpTo, w.Ahead[0]), w.Ahead[1:]
	}
}

// entry returns the value of a key, which is fresh if there is none yet.
func entry[T any](values map[string]*T, key string, fresh *T) *T {
	if values[key] == nil {
		values[key] = fresh
	}
	return values[key]
}

// HasHole returns whether a change after UpTo is missing. An epoch that has no number yet ends in nine zeros.
func (w *Watch) HasHole() bool {
	return len(w.Ahead) > 0 || w.Last > w.UpTo && w.Last%epoch > 0
}
