package main

import (
	"net/http"
	"net/http/httptest"
	"time"

	"google.golang.org/api/calendar/v3"
)

// patience is how long a notification may take. It is far more than one needs.
const patience = 30 * time.Second

// receive starts a receiver of notifications. They arrive on the channel that it returns.
func receive() (*httptest.Server, <-chan *http.Request) {
	received := make(chan *http.Request, 100)
	server := httptest.NewServer(http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
		received <- request
		response.WriteHeader(http.StatusNoContent)
	}))
	return server, received
}

// next waits for a notification.
func next(received <-chan *http.Request) http.Header {
	select {
	case request := <-received:
		return request.Header
	case <-time.After(patience):
		panic("no notification arrived")
	}
}

func channelChecks(s *suite) {
	service := serviceOf(ada)

	s.check("channels: watch sends sync and then exists, until stop", func(t *T) {
		server, received := receive()
		defer server.Close()
		made := newCalendar("Watched")
		wanted := &calendar.Channel{Id: "go-events", Type: "web_hook", Address: server.URL, Token: "secret"}
		opened := must(service.Events.Watch(made.Id, wanted).Do())
		equal(t, "kind", opened.Kind, "api#channel")
		equal(t, "id", opened.Id, "go-events")
		equal(t, "token", opened.Token, "secret")
		truth(t, "it expires in the future", opened.Expiration > time.Now().UnixMilli())

		sync := next(received)
		equal(t, "state", sync.Get("X-Goog-Resource-State"), "sync")
		equal(t, "number", sync.Get("X-Goog-Message-Number"), "1")
		equal(t, "channel", sync.Get("X-Goog-Channel-ID"), "go-events")
		equal(t, "token", sync.Get("X-Goog-Channel-Token"), "secret")
		equal(t, "resource", sync.Get("X-Goog-Resource-ID"), opened.ResourceId)
		equal(t, "URI", sync.Get("X-Goog-Resource-URI"), opened.ResourceUri)
		expiration := must(time.Parse(http.TimeFormat, sync.Get("X-Goog-Channel-Expiration")))
		equal(t, "expiration", expiration.Unix(), opened.Expiration/1000)

		must(service.Events.Insert(made.Id, allDay("Trip")).Do())
		equal(t, "state", next(received).Get("X-Goog-Resource-State"), "exists")

		stop := &calendar.Channel{Id: opened.Id, ResourceId: opened.ResourceId}
		done(service.Channels.Stop(stop).Do())
		must(service.Events.Insert(made.Id, allDay("Trip")).Do())
		control("POST", "/settle", nil, nil)
		equal(t, "notifications after stop", len(received), 0)
		wrong := &calendar.Channel{Id: opened.Id, ResourceId: "another"}
		rejected(t, "an unknown channel", service.Channels.Stop(wrong).Do(), 404, "notFound")
	})

	s.check("channels: rules, calendar lists and settings are watched too", func(t *T) {
		server, received := receive()
		defer server.Close()
		made := newCalendar("Watched")
		channel := func(id string) *calendar.Channel {
			return &calendar.Channel{Id: id, Type: "web_hook", Address: server.URL}
		}
		opened := []*calendar.Channel{
			must(service.Acl.Watch(made.Id, channel("go-acl")).Do()),
			must(service.CalendarList.Watch(channel("go-list")).Do()),
			must(service.Settings.Watch(channel("go-settings")).Do()),
		}
		for range opened {
			equal(t, "state", next(received).Get("X-Goog-Resource-State"), "sync")
		}
		changes := map[string]func(){
			"go-acl": func() {
				scope := &calendar.AclRuleScope{Type: "domain", Value: "example.com"}
				must(service.Acl.Insert(made.Id, &calendar.AclRule{Role: "reader", Scope: scope}).Do())
			},
			"go-list": func() { must(service.CalendarList.Patch(made.Id, &calendar.CalendarListEntry{ColorId: "3"}).Do()) },
			"go-settings": func() {
				control("POST", "/settings", map[string]string{"user": ada, "id": "weekStart", "value": "6"}, nil)
			},
		}
		for id, change := range changes {
			change()
			equal(t, "channel", next(received).Get("X-Goog-Channel-ID"), id)
		}
		for _, channel := range opened {
			done(service.Channels.Stop(&calendar.Channel{Id: channel.Id, ResourceId: channel.ResourceId}).Do())
		}
	})

	s.check("channels: what Google does not accept", func(t *T) {
		watch := func(channel *calendar.Channel) error {
			_, err := service.Settings.Watch(channel).Do()
			return err
		}
		insecure := &calendar.Channel{Id: "go-insecure", Type: "web_hook", Address: "http://example.com/"}
		rejected(t, "plain HTTP", watch(insecure), 400, "push.webhookUrlNotHttps")
		past := &calendar.Channel{Id: "go-past", Type: "web_hook", Address: "https://example.com/", Expiration: 1}
		rejected(t, "an expiration in seconds", watch(past), 400, "pushInvalidTtl")
		server, _ := receive()
		defer server.Close()
		twice := &calendar.Channel{Id: "go-twice", Type: "web_hook", Address: server.URL}
		done(watch(twice))
		rejected(t, "an id that is taken", watch(twice), 400, "channelIdNotUnique")
	})
}
