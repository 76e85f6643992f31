package topology

import (
	"strings"
	"time"
)

// Span is a duration as people write it, without the parts that are nothing: 5m,
// 1h30m, 24h, 90s as 1m30s.
func Span(d time.Duration) string {
	text := d.String()
	for _, nothing := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, nothing) {
			text = text[:len(text)-len("0s")]
		}
	}
	return text
}
