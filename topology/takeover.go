package topology

import "time"

// Probe is a request straight at the application in one Region, past failover.
// Its zero value is none.
type Probe struct {
	URL string `json:"url"`
	// Host is the name that clients use: the Host header, and the name that the
	// certificate must be for. Empty: that of the URL.
	Host string `json:"host,omitempty"`
	// Status is the status that a healthy answer has.
	Status int `json:"status,omitempty"`
	// Release says where the answer names the release: "body", "header NAME", or
	// "" when it does not.
	Release string `json:"release,omitempty"`
	// Private allows an address that is not public.
	Private bool `json:"private,omitempty"`
}

// Takeover is what the team prepared for a takeover besides resources.
type Takeover struct {
	// Plan is the ARN of a plan of ARC Region switch; empty: there is none.
	Plan string
	// BreakGlass is the name of an IAM user that needs no federation; empty: none was named.
	BreakGlass string
	// Organization asks for the service control policies of the account.
	Organization bool
	// Drill is the last drill that the team wrote down.
	Drill Drill
}

// Drill is a takeover that was practised. Its zero value is none.
type Drill struct {
	// On is the day, in UTC.
	On time.Time
	// Took is how long it took; zero: not written down.
	Took time.Duration
	// Release is the id, name or commit of the release that was practised with;
	// empty: not written down.
	Release string
}
