package session

import (
	"net/http"
	"testing"
	"time"
)

func TestTheClockIsComparedWithTheAnswers(t *testing.T) {
	tests := []struct {
		name string
		date func() string
		want time.Duration
	}{
		{"an answer that is ten minutes behind: we are ahead", func() string { return time.Now().Add(-10 * time.Minute).UTC().Format(http.TimeFormat) }, 10 * time.Minute},
		{"an answer that is ten minutes ahead: we are behind", func() string { return time.Now().Add(10 * time.Minute).UTC().Format(http.TimeFormat) }, -10 * time.Minute},
		{"an answer of now", func() string { return time.Now().UTC().Format(http.TimeFormat) }, 0},
		{"an answer that does not tell", func() string { return "" }, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			sessions, err := Open(t.Context(), pair(t, nil), options(&network{answer: func(int, string, string) (*http.Response, error) {
				response, err := reply(200, identity("111111111111"))
				if date := test.date(); date != "" {
					response.Header.Set("Date", date)
				}
				return response, err
			}}))
			if err != nil {
				t.Fatal(err)
			}
			if off := sessions[1].Skew - test.want; off.Abs() > 30*time.Second {
				t.Errorf("skew %s, want about %s", sessions[1].Skew, test.want)
			}
		})
	}
}
