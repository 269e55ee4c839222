// The Calendar API in Go (google.golang.org/api/calendar/v3) on the Calendar emulator: all of its methods, with the client as it
// comes but for its endpoint.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"

	"golang.org/x/oauth2"
	"google.golang.org/api/calendar/v3"
)

const (
	ada = "ada@example.com"
	bob = "bob@example.com"
)

var (
	ctx  = context.Background()
	root = os.Getenv("CALENDAR_EMULATOR_URL")
)

// serviceOf returns a client of a user, whose address is the access token.
func serviceOf(user string) *calendar.Service {
	return serviceWith(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: user}))
}

// control calls one of the emulator's control routes and decodes its answer.
func control(method, path string, body, into any) {
	data := must(json.Marshal(body))
	request := must(http.NewRequest(method, root+"/emulator"+path, bytes.NewReader(data)))
	response := must(http.DefaultClient.Do(request))
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		panic(fmt.Sprintf("%s %s: %s", method, path, response.Status))
	}
	if into != nil {
		done(json.NewDecoder(response.Body).Decode(into))
	}
}

// newCalendar creates a secondary calendar of Ada, so that checks do not depend on each other.
func newCalendar(summary string) *calendar.Calendar {
	return must(serviceOf(ada).Calendars.Insert(&calendar.Calendar{Summary: summary, TimeZone: "Europe/Zurich"}).Do())
}

func main() {
	s := &suite{}
	calendarChecks(s)
	calendarListChecks(s)
	aclChecks(s)
	eventChecks(s)
	eventListChecks(s)
	recurringChecks(s)
	syncChecks(s)
	channelChecks(s)
	settingChecks(s)
	errorChecks(s)
	credentialChecks(s)
	signInChecks(s)
	coverageCheck(s)
	fmt.Printf("1..%d\n# assertions %d\n", s.checks, s.assertions)
	if s.failed > 0 {
		os.Exit(1)
	}
}

// coverageCheck compares the emulator's journal with the number of the API's methods.
func coverageCheck(s *suite) {
	s.check("each of the 38 methods was called", func(t *T) {
		var journal struct {
			Counts struct{ Requests map[string]int }
		}
		control("GET", "/journal", nil, &journal)
		called := 0
		for method := range journal.Counts.Requests {
			// The journal has the requests of signing in, too.
			if strings.HasPrefix(method, "calendar.") {
				called++
			}
		}
		equal(t, "methods", called, 38)
		equal(t, "unknown calls", journal.Counts.Requests["unknown"], 0)
	})
}
