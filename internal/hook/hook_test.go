package hook

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/deploy"
)

func TestARequestIsRepeatedUntilTheAnswerIsAsExpected(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer func(n int64, w http.ResponseWriter, r *http.Request)
		change func(*HTTP)
		fails  string
	}{
		{"at once", func(_ int64, w http.ResponseWriter, _ *http.Request) {}, nil, ""},
		{"after two failures", func(n int64, w http.ResponseWriter, _ *http.Request) {
			if n < 3 {
				w.WriteHeader(http.StatusServiceUnavailable)
			}
		}, nil, ""},
		{"never", func(_ int64, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }, nil, "status 503, not 200"},
		{"with another status that is wanted", func(_ int64, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) },
			func(h *HTTP) { h.Status = 204 }, ""},
		{"with the text", func(_ int64, w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"status":"ok"}`) },
			func(h *HTTP) { h.Contains = `"ok"` }, ""},
		{"without the text", func(_ int64, w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"status":"down"}`) },
			func(h *HTTP) { h.Contains = `"ok"` }, "does not hold the text"},
		{"elsewhere: a redirect is not followed", func(_ int64, w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/login" {
				http.Redirect(w, r, "/login", http.StatusFound)
			}
		}, nil, "status 302"},
		{"with the headers", func(_ int64, w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("X-Probe") != "lockstep" {
				w.WriteHeader(http.StatusForbidden)
			}
		}, func(h *HTTP) { h.Headers = map[string]string{"X-Probe": "lockstep"} }, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var n atomic.Int64
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { c.answer(n.Add(1), w, r) }))
			defer server.Close()
			hook := HTTP{URL: server.URL + "/healthz", Status: 200, Timeout: 300 * time.Millisecond, Pause: 5 * time.Millisecond}
			if c.fails == "" {
				hook.Timeout = time.Minute
			}
			if c.change != nil {
				c.change(&hook)
			}
			err := hook.Check(t.Context())
			if (err == nil) != (c.fails == "") || err != nil && (deploy.KindOf(err) != deploy.Failed || !strings.Contains(err.Error(), c.fails)) {
				t.Errorf("%v, want %q", err, c.fails)
			}
		})
	}
}

func TestAPlaceThatDoesNotAnswerFailsAndACancelledRequestIsNoVerdict(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	hook := HTTP{URL: server.URL, Status: 200, Timeout: 50 * time.Millisecond, Pause: 5 * time.Millisecond}
	if err := hook.Check(t.Context()); deploy.KindOf(err) != deploy.Failed {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := hook.Check(ctx); !errors.Is(err, context.Canceled) || deploy.KindOf(err) != deploy.Unknown {
		t.Errorf("cancelled: %v", err)
	}
}

func TestACommandSaysYesNoOrCannotBeAsked(t *testing.T) {
	settings := func(context.Context) (map[string]string, []string, error) {
		return map[string]string{"AWS_REGION": "us-west-2", "AWS_SECRET_ACCESS_KEY": "s3cr3t-key"}, []string{"s3cr3t-key"}, nil
	}
	var said []string
	run := func(script string) error {
		return Command{Words: []string{"/bin/sh", "-c", script}, Settings: settings, Line: func(l string) { said = append(said, l) }}.Check(t.Context())
	}
	if err := run(`test "$AWS_REGION" = us-west-2 && echo "key $AWS_SECRET_ACCESS_KEY"`); err != nil || said[0] != "key ***" {
		t.Errorf("%v, %q", err, said)
	}
	if err := run("echo 503; exit 1"); deploy.KindOf(err) != deploy.Failed || !strings.Contains(err.Error(), "503") {
		t.Errorf("%v", err)
	}
	denied := Command{Words: []string{"true"}, Settings: func(context.Context) (map[string]string, []string, error) {
		return nil, nil, errors.New("no credentials")
	}}
	if err := denied.Check(t.Context()); err == nil || deploy.KindOf(err) != deploy.Unknown {
		t.Errorf("%v", err)
	}
}
