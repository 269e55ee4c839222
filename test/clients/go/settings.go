package main

import (
	"slices"

	"google.golang.org/api/calendar/v3"
)

func settingChecks(s *suite) {
	service := serviceOf(ada)

	s.check("settings: list and get", func(t *T) {
		list := must(service.Settings.List().Do())
		equal(t, "kind", list.Kind, "calendar#settings")
		truth(t, "a sync token", list.NextSyncToken != "")
		zone := slices.IndexFunc(list.Items, func(setting *calendar.Setting) bool { return setting.Id == "timezone" })
		truth(t, "the time zone is among them", zone >= 0)
		read := must(service.Settings.Get("timezone").Do())
		equal(t, "kind", read.Kind, "calendar#setting")
		equal(t, "value", read.Value, list.Items[zone].Value)
		_, err := service.Settings.Get("nothing").Do()
		rejected(t, "an unknown setting", err, 404, "notFound")
	})

	s.check("settings: an incremental list has what changed", func(t *T) {
		before := must(service.Settings.List().Do())
		control("POST", "/settings", map[string]string{"user": ada, "id": "weekStart", "value": "1"}, nil)
		after := must(service.Settings.List().SyncToken(before.NextSyncToken).Do())
		equal(t, "items", len(after.Items), 1)
		equal(t, "value", after.Items[0].Value, "1")
	})
}
