package main

import (
	"encoding/json"
	"net/http"
	"net/url"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/google"
	"google.golang.org/api/calendar/v3"
	"google.golang.org/api/option"
)

// serviceWith returns a client of the user that a source of tokens stands for.
func serviceWith(tokens oauth2.TokenSource) *calendar.Service {
	return must(calendar.NewService(ctx, option.WithEndpoint(root+"/calendar/v3/"), option.WithTokenSource(tokens)))
}

// consent opens the address of the consent page as a browser does, and returns where that is sent.
func consent(address string) url.Values {
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response := must(browser.Get(address))
	response.Body.Close()
	return must(response.Location()).Query()
}

func signInChecks(s *suite) {
	s.check("sign-in: an authorization code with PKCE, a refresh token, scopes", func(t *T) {
		control("POST", "/oauth/consent", map[string]string{"mode": "allow"}, nil)
		config := &oauth2.Config{
			ClientID: "go-client", ClientSecret: "secret", RedirectURL: "http://127.0.0.1:8080/",
			Scopes:   []string{calendar.CalendarReadonlyScope},
			Endpoint: oauth2.Endpoint{AuthURL: root + "/o/oauth2/v2/auth", TokenURL: root + "/token"},
		}
		verifier := oauth2.GenerateVerifier()
		hint := oauth2.SetAuthURLParam("login_hint", ada)
		ask := func() url.Values {
			challenge := oauth2.S256ChallengeOption(verifier)
			return consent(config.AuthCodeURL("state", oauth2.AccessTypeOffline, oauth2.ApprovalForce, hint, challenge))
		}
		sent := ask()
		equal(t, "state", sent.Get("state"), "state")
		_, err := config.Exchange(ctx, sent.Get("code"), oauth2.VerifierOption("another"+verifier))
		truth(t, "the wrong verifier is rejected", err != nil)
		token := must(config.Exchange(ctx, ask().Get("code"), oauth2.VerifierOption(verifier)))
		truth(t, "a refresh token", token.RefreshToken != "")
		service := serviceWith(config.TokenSource(ctx, token))
		equal(t, "calendar", must(service.Calendars.Get("primary").Do()).Id, ada)
		_, err = service.Events.Insert("primary", allDay("Trip")).Do()
		rejected(t, "what the scope does not allow", err, 403, "insufficientPermissions")

		control("POST", "/oauth/expire-tokens", map[string]string{"user": ada}, nil)
		_, err = service.Calendars.Get("primary").Do()
		rejected(t, "an expired token", err, 401, "authError")
		fresh := config.TokenSource(ctx, &oauth2.Token{RefreshToken: token.RefreshToken})
		equal(t, "after a refresh", must(serviceWith(fresh).Calendars.Get("primary").Do()).Id, ada)
		control("POST", "/oauth/revoke", map[string]string{"user": ada}, nil)
		_, err = config.TokenSource(ctx, &oauth2.Token{RefreshToken: token.RefreshToken}).Token()
		failure, ok := err.(*oauth2.RetrieveError)
		truth(t, "after a revocation", ok && failure.ErrorCode == "invalid_grant")
	})

	s.check("sign-in: a service account's key file, for itself and for a user", func(t *T) {
		var file json.RawMessage
		control("POST", "/oauth/service-accounts", map[string]any{
			"email":      "robot@demo-project.iam.gserviceaccount.com",
			"delegation": map[string][]string{"example.com": {calendar.CalendarScope}},
		}, &file)
		config := must(google.JWTConfigFromJSON(file, calendar.CalendarScope))
		itself := must(serviceWith(config.TokenSource(ctx)).Calendars.Get("primary").Do())
		equal(t, "itself", itself.Id, "robot@demo-project.iam.gserviceaccount.com")
		config.Subject = ada
		equal(t, "a user", must(serviceWith(config.TokenSource(ctx)).Calendars.Get("primary").Do()).Id, ada)
		config.Subject = "eve@elsewhere.example"
		_, err := config.TokenSource(ctx).Token()
		truth(t, "a user of another domain", err != nil)
	})
}
