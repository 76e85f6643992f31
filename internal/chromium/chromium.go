// Package chromium shows pages in a headless Chromium, for tests: it opens a
// file, clicks, types, looks and takes pictures.
//
// It speaks the DevTools protocol over a pair of pipes, needs no library and no
// port, and knows only what the tests use. Source: Chrome DevTools Protocol, and
// --remote-debugging-pipe: JSON messages that end in a zero byte, read by the
// browser from file descriptor 3 and written to 4.
package chromium

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// required is the variable with which a missing browser fails a test instead of
// skipping it, as in CI.
const required = "LOCKSTEP_REQUIRE_TOOLS"

// patience bounds every wait for the browser.
const patience = 60 * time.Second

// Page is one page in a browser of its own.
type Page struct {
	t       testing.TB
	to      io.Writer
	from    chan message
	next    int
	session string
	// Requests are the addresses that were asked for, the page's own included.
	Requests []string
	// Complaints are errors of scripts and of the content policy.
	Complaints []string
}

type message struct {
	ID        int             `json:"id"`
	Method    string          `json:"method"`
	Params    json.RawMessage `json:"params"`
	Result    json.RawMessage `json:"result"`
	SessionID string          `json:"sessionId"`
	Error     *struct {
		Message string `json:"message"`
	} `json:"error"`
}

// Screen is what a page is shown on.
type Screen struct {
	Width, Height int
	Mobile, Dark  bool
}

// binary finds the browser, or ends the test.
func binary(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	const message = "NOT TESTED: there is no Chromium on this machine (scripts/setup-tools.sh installs it)"
	if os.Getenv(required) == "1" {
		t.Fatal(message)
	}
	t.Skip(message)
	return ""
}

// Open starts a browser that ends with the test and shows a file on the screen.
func Open(t testing.TB, file string, screen Screen) *Page {
	t.Helper()
	p := start(t)
	var target struct{ TargetID, SessionID string }
	p.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	p.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &target)
	p.session = target.SessionID
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		p.call(domain+".enable", nil, nil)
	}
	p.Resize(screen)
	p.Show(file)
	return p
}

// Show goes to another file and forgets what the last one did.
func (p *Page) Show(file string) {
	p.t.Helper()
	absolute, err := filepath.Abs(file)
	if err != nil {
		p.t.Fatal(err)
	}
	p.Requests, p.Complaints = nil, nil
	p.call("Page.navigate", map[string]any{"url": "file://" + absolute}, nil)
	p.await("Page.loadEventFired")
}

// start starts the browser with a profile that is thrown away.
func start(t testing.TB) *Page {
	t.Helper()
	theirIn, ourOut := pipe(t)
	ourIn, theirOut := pipe(t)
	cmd := exec.Command(binary(t), "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
		"--disable-background-networking", "--disable-component-update", "--remote-debugging-pipe", "--user-data-dir="+t.TempDir())
	cmd.ExtraFiles = []*os.File{theirIn, theirOut}
	var log bytes.Buffer
	cmd.Stderr = &log
	cmd.WaitDelay = time.Second // its children may hold on to stderr
	if err := cmd.Start(); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	theirIn.Close()
	theirOut.Close()
	p := &Page{t: t, to: ourOut, from: make(chan message, 64)}
	go receive(ourIn, p.from)
	t.Cleanup(func() {
		p.session = ""
		_ = p.send("Browser.close", nil)
		ended := make(chan struct{})
		go func() { _ = cmd.Wait(); close(ended) }()
		select {
		case <-ended:
		case <-time.After(5 * time.Second):
			_ = cmd.Process.Kill()
			<-ended
		}
		ourIn.Close()
		ourOut.Close()
		if t.Failed() {
			t.Logf("Chromium said: %s", log.String())
		}
	})
	return p
}

func pipe(t testing.TB) (r, w *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	return r, w
}

// receive reads messages until the browser is gone.
func receive(from io.Reader, to chan<- message) {
	defer close(to)
	for r := bufio.NewReader(from); ; {
		data, err := r.ReadBytes(0)
		if err != nil {
			return
		}
		var m message
		if json.Unmarshal(data[:len(data)-1], &m) == nil {
			to <- m
		}
	}
}

func (p *Page) send(method string, params any) error {
	p.next++
	if params == nil {
		params = struct{}{}
	}
	call := map[string]any{"id": p.next, "method": method, "params": params}
	if p.session != "" {
		call["sessionId"] = p.session
	}
	data, err := json.Marshal(call)
	if err != nil {
		return err
	}
	_, err = p.to.Write(append(data, 0))
	return err
}

// call sends a command and waits for its answer.
func (p *Page) call(method string, params, result any) {
	p.t.Helper()
	if err := p.send(method, params); err != nil {
		p.t.Fatalf("%s: %v", method, err)
	}
	id := p.next
	m := p.until(method, func(m message) bool { return m.ID == id })
	if m.Error != nil {
		p.t.Fatalf("%s: %s", method, m.Error.Message)
	}
	if result != nil {
		if err := json.Unmarshal(m.Result, result); err != nil {
			p.t.Fatalf("%s: %v", method, err)
		}
	}
}

func (p *Page) await(event string) {
	p.t.Helper()
	p.until(event, func(m message) bool { return m.Method == event })
}

func (p *Page) until(what string, wanted func(message) bool) message {
	p.t.Helper()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	for {
		select {
		case m, open := <-p.from:
			if !open {
				p.t.Fatalf("Chromium ended before it answered %s", what)
			}
			p.note(m)
			if wanted(m) {
				return m
			}
		case <-limit.C:
			p.t.Fatalf("Chromium did not answer %s within %s", what, patience)
		}
	}
}

// note keeps what a page should not do.
func (p *Page) note(m message) {
	var params struct {
		Request          struct{ URL string }
		Entry            struct{ Level, Text string }
		ExceptionDetails struct {
			Text      string
			Exception struct{ Description string }
		}
	}
	_ = json.Unmarshal(m.Params, &params)
	switch m.Method {
	case "Network.requestWillBeSent":
		p.Requests = append(p.Requests, params.Request.URL)
	case "Log.entryAdded":
		p.Complaints = append(p.Complaints, params.Entry.Level+": "+params.Entry.Text)
	case "Runtime.exceptionThrown":
		p.Complaints = append(p.Complaints, params.ExceptionDetails.Text+" "+params.ExceptionDetails.Exception.Description)
	}
}

// Resize shows the page on another screen.
func (p *Page) Resize(s Screen) {
	p.t.Helper()
	scale := 1
	if s.Mobile {
		scale = 2
	}
	p.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": s.Width, "height": s.Height, "deviceScaleFactor": scale, "mobile": s.Mobile}, nil)
	scheme := "light"
	if s.Dark {
		scheme = "dark"
	}
	p.call("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}}}, nil)
}

// Eval is the value of a JavaScript expression as JSON says it: "3", "\"x\"".
func (p *Page) Eval(expression string) string {
	p.t.Helper()
	var answer struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails *struct {
			Exception struct{ Description string }
		}
	}
	p.call("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true}, &answer)
	if answer.ExceptionDetails != nil {
		p.t.Fatalf("%s: %s", expression, answer.ExceptionDetails.Exception.Description)
	}
	return string(answer.Result.Value)
}

// Text is what a reader sees of the first element that a selector finds.
func (p *Page) Text(selector string) string {
	p.t.Helper()
	var text string
	if err := json.Unmarshal([]byte(p.Eval(fmt.Sprintf("document.querySelector(%q).innerText", selector))), &text); err != nil {
		p.t.Fatalf("%s: %v", selector, err)
	}
	return text
}

// Click clicks with the mouse in the middle of an element.
func (p *Page) Click(selector string) {
	p.t.Helper()
	var at struct{ X, Y float64 }
	where := p.Eval(fmt.Sprintf(`(() => { const e = document.querySelector(%q); e.scrollIntoView({block: "center", behavior: "instant"});
		const b = e.getBoundingClientRect(); return {X: b.x + b.width / 2, Y: b.y + b.height / 2}; })()`, selector))
	if err := json.Unmarshal([]byte(where), &at); err != nil {
		p.t.Fatalf("%s: %v", selector, err)
	}
	for _, kind := range []string{"mousePressed", "mouseReleased"} {
		p.call("Input.dispatchMouseEvent", map[string]any{"type": kind, "x": at.X, "y": at.Y, "button": "left", "clickCount": 1}, nil)
	}
}

// keys are those that tests press, with the codes Windows gave them.
var keys = map[string]int{"Tab": 9, "Enter": 13, "Escape": 27, " ": 32, "/": 191}

// Press presses a key where the focus is.
func (p *Page) Press(key string) {
	p.t.Helper()
	down := map[string]any{"type": "keyDown", "key": key, "windowsVirtualKeyCode": keys[key]}
	switch key {
	case "Enter":
		down["text"] = "\r"
	case " ", "/":
		down["text"] = key
	}
	p.call("Input.dispatchKeyEvent", down, nil)
	p.call("Input.dispatchKeyEvent", map[string]any{"type": "keyUp", "key": key, "windowsVirtualKeyCode": keys[key]}, nil)
}

// Type writes text where the focus is.
func (p *Page) Type(text string) {
	p.t.Helper()
	p.call("Input.insertText", map[string]any{"text": text}, nil)
}

// Picture is the whole page as a PNG.
func (p *Page) Picture() []byte {
	p.t.Helper()
	p.Eval(`window.scrollTo({top: 0, behavior: "instant"})`)
	var shot struct{ Data string }
	p.call("Page.captureScreenshot", map[string]any{"format": "png", "captureBeyondViewport": true}, &shot)
	data, err := base64.StdEncoding.DecodeString(strings.TrimSpace(shot.Data))
	if err != nil {
		p.t.Fatal(err)
	}
	return data
}
