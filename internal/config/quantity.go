package config

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var durationPattern = regexp.MustCompile(`^([0-9]+d)?([0-9]+(\.[0-9]+)?h)?([0-9]+(\.[0-9]+)?m)?([0-9]+(\.[0-9]+)?s)?$`)

// Formats of the objectives.
var (
	durationFormat = &format{
		name: "duration", noun: "a duration such as 5m, 1h30m or 1d", kinds: onlyString, minLength: 1, maxLength: 40,
		pattern: durationPattern, hint: durationHint, verify: verifyDuration,
	}
	floorFormat = &format{
		name: "percentage", noun: "a percentage from 0% to 100%", kinds: onlyString,
		pattern: regexp.MustCompile(`^(100|[0-9]{1,2}(\.[0-9]{1,3})?)%$`), hint: percentHint(100),
	}
	shareFormat = &format{
		name: "percentage", noun: "a whole percentage from 1% to 100%", kinds: onlyString,
		pattern: regexp.MustCompile(`^(100|[1-9][0-9]?)%$`), hint: shareHint,
	}
	ceilingFormat = &format{
		name: "percentage", noun: "a percentage from 0% to 1000%", kinds: onlyString,
		pattern: regexp.MustCompile(`^(1000|[0-9]{1,3}(\.[0-9]{1,3})?)%$`), hint: percentHint(1000),
	}
)

// longest is the longest duration an objective may have.
const longest = 366 * 24 * time.Hour

// parseDuration reads a Go duration, optionally led by whole days: "1d12h".
func parseDuration(text string) (time.Duration, error) {
	var days time.Duration
	if count, rest, ok := strings.Cut(text, "d"); ok {
		n, err := strconv.ParseUint(count, 10, 16)
		if err != nil {
			return 0, fmt.Errorf("parse days: %w", err)
		}
		days, text = time.Duration(n)*24*time.Hour, rest
	}
	if text == "" {
		return days, nil
	}
	d, err := time.ParseDuration(text)
	return days + d, err
}

func verifyDuration(n *node) (message, suggestion string) {
	switch d, err := parseDuration(n.text); {
	case err != nil || d > longest:
		return shown(n.text) + " is longer than a year", "write something such as 15m, 4h or 1d"
	case d <= 0:
		return shown(n.text) + " is no time at all", "leave the key out when the objective is not declared"
	}
	return "", ""
}

var spelledDuration = regexp.MustCompile(`^\s*-?([0-9]+)\s*([A-Za-z]*)\s*$`)

// durationHint guesses what "15 minutes", "15min" or 15 mean.
func durationHint(text string) string {
	const units = "write a number and a unit: s, m, h or d"
	if joined := strings.ReplaceAll(text, " ", ""); joined != text && durationPattern.MatchString(joined) {
		return "write " + joined
	}
	parts := spelledDuration.FindStringSubmatch(text)
	if parts == nil {
		return units
	}
	unit := strings.ToLower(parts[2])
	if unit == "" {
		return fmt.Sprintf("a unit is missing: %ss, %sm or %sh", parts[1], parts[1], parts[1])
	}
	for _, known := range []string{"seconds", "minutes", "hours", "days"} {
		if strings.HasPrefix(known, strings.TrimSuffix(unit, "s")) || unit == "hrs" && known == "hours" {
			return "write " + parts[1] + known[:1]
		}
	}
	if unit == "w" || unit == "week" || unit == "weeks" {
		if n, err := strconv.ParseUint(parts[1], 10, 8); err == nil {
			return fmt.Sprintf("write %dd", 7*n)
		}
	}
	return units
}

// ParseQuotaShare reads the value of read.quota-share, "30%" as 0.3.
func ParseQuotaShare(text string) (float64, error) {
	if !shareFormat.pattern.MatchString(text) {
		return 0, fmt.Errorf("%q: use %s", text, shareFormat.noun)
	}
	return parsePercent(text), nil
}

// parsePercent reads "25%" as 0.25. The format was checked.
func parsePercent(text string) float64 {
	f, err := strconv.ParseFloat(strings.TrimSuffix(text, "%"), 64)
	if err != nil {
		return 0
	}
	return f / 100
}

// shareHint is percentHint for a share that may be neither nothing nor a fraction of a percent.
func shareHint(text string) string {
	if f, err := strconv.ParseFloat(strings.TrimSuffix(text, "%"), 64); err == nil && f >= 0 && f < 1 && (f == 0 || strings.HasSuffix(text, "%")) {
		return "at least 1%"
	}
	return percentHint(100)(text)
}

// percentHint guesses what 25 or 0.25 mean, and names the bounds.
func percentHint(most float64) func(string) string {
	return func(text string) string {
		number, percent := strings.CutSuffix(strings.TrimSpace(text), "%")
		f, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		switch {
		case err != nil:
			return ""
		case f < 0:
			return "a share is not negative"
		case f > most:
			return fmt.Sprintf("at most %g%%", most)
		case f > 0 && f < 1 && !percent:
			f *= 100
		}
		return "write " + strconv.FormatFloat(f, 'g', 4, 64) + "%"
	}
}
