package target

import (
	"fmt"
	"sync"
)

// teller says what a target waits for, whenever that is something else. How
// often people hear of it, and for how long it has been so, is up to who listens.
type teller struct {
	say func(text string)

	mu   sync.Mutex
	told string
}

// newTeller tells by events of one status.
func newTeller(status string, report func(status, text string)) *teller {
	return &teller{say: func(text string) { report(status, text) }}
}

// waits tells what is waited for: "for ...".
func (t *teller) waits(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	t.mu.Lock()
	defer t.mu.Unlock()
	if text != t.told {
		t.told = text
		t.say(text)
	}
}
