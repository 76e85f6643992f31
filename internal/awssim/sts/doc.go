// Package sts simulates the Security Token Service: it hands out session credentials and remembers which account, role and
// expiry belong to an access key. It owns sessions, and checks no secret, signature or trust policy: any role of any account
// can be assumed, unless a fault says otherwise.
package sts

import (
	"maps"
	"strings"
	"sync"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// DefaultAccount is the account of access keys nobody told the simulator about.
const DefaultAccount = "111111111111"

// Identity is who an access key belongs to.
type Identity struct {
	Account, ARN, UserID string
	Expires              time.Time // zero for keys that do not expire
}

// Sessions maps access keys to identities. It is safe for concurrent use.
type Sessions struct {
	mu         sync.RWMutex
	identities map[string]Identity
}

// NewSessions knows the given long-lived access keys (key id to account).
func NewSessions(accounts map[string]string) *Sessions {
	s := &Sessions{identities: map[string]Identity{}}
	for key, account := range accounts {
		s.identities[key] = user(account)
	}
	return s
}

// Copy returns sessions that know the same identities.
func (s *Sessions) Copy() *Sessions {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return &Sessions{identities: maps.Clone(s.identities)}
}

func user(account string) Identity {
	return Identity{Account: account, ARN: "arn:aws:iam::" + account + ":user/simulated", UserID: "AIDASIMULATED" + account}
}

// Lookup returns the identity of an access key; unknown keys are a user of DefaultAccount.
func (s *Sessions) Lookup(key string) Identity {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if id, ok := s.identities[key]; ok {
		return id
	}
	return user(DefaultAccount)
}

func (s *Sessions) add(key string, id Identity) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.identities[key] = id
}

// Service returns STS working on the sessions.
func Service(s *Sessions) core.Service {
	return core.Service{
		Name:      "sts",
		Namespace: "https://sts.amazonaws.com/doc/2011-06-15/",
		Operations: map[string]core.Handler{
			"GetCallerIdentity":         s.getCallerIdentity,
			"AssumeRole":                s.assumeRole,
			"AssumeRoleWithWebIdentity": s.assumeRoleWithWebIdentity,
			"GetSessionToken":           s.getSessionToken,
		},
	}
}

func (s *Sessions) getCallerIdentity(c *core.Call) (any, error) {
	id := s.Lookup(c.AccessKeyID)
	return core.Out{"Account": id.Account, "Arn": id.ARN, "UserId": id.UserID}, nil
}

func (s *Sessions) assumeRole(c *core.Call) (any, error) {
	id, err := s.role(c)
	if err != nil {
		return nil, err
	}
	return core.Out{"Credentials": s.issue(c, &id), "AssumedRoleUser": assumed(id), "PackedPolicySize": 0}, nil
}

func (s *Sessions) assumeRoleWithWebIdentity(c *core.Call) (any, error) {
	token := c.In.String("WebIdentityToken")
	if strings.Count(token, ".") != 2 {
		return nil, wire.Errorf(400, "InvalidIdentityToken", "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)")
	}
	id, err := s.role(c)
	if err != nil {
		return nil, err
	}
	return core.Out{
		"Credentials": s.issue(c, &id), "AssumedRoleUser": assumed(id), "PackedPolicySize": 0,
		"Audience": "sts.amazonaws.com", "Provider": "token.actions.githubusercontent.com",
	}, nil
}

func assumed(id Identity) core.Out { return core.Out{"Arn": id.ARN, "AssumedRoleId": id.UserID} }

// role reads the identity a session of the requested role has.
func (s *Sessions) role(c *core.Call) (Identity, error) {
	arn, session := c.In.String("RoleArn"), c.In.String("RoleSessionName")
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 || parts[2] != "iam" || len(parts[4]) != 12 || !strings.HasPrefix(parts[5], "role/") {
		return Identity{}, wire.Errorf(400, "ValidationError", "%s is invalid", arn)
	}
	if session == "" {
		return Identity{}, wire.Errorf(400, "ValidationError", "1 validation error detected: Value null at 'roleSessionName' failed to satisfy constraint: Member must not be null")
	}
	name := parts[5][strings.LastIndex(parts[5], "/")+1:]
	return Identity{
		Account: parts[4],
		ARN:     "arn:" + parts[1] + ":sts::" + parts[4] + ":assumed-role/" + name + "/" + session,
		UserID:  "AROA" + c.World.IDs.Upper(17, "role", arn) + ":" + session,
	}, nil
}

func (s *Sessions) getSessionToken(c *core.Call) (any, error) {
	id := s.Lookup(c.AccessKeyID)
	return core.Out{"Credentials": s.issue(c, &id)}, nil
}

// issue makes credentials for the identity and remembers them.
func (s *Sessions) issue(c *core.Call, id *Identity) core.Out {
	about := []string{"session", id.ARN}
	key := "ASIA" + c.World.IDs.Upper(16, append(about, "key")...)
	id.Expires = c.Now().Add(time.Duration(c.In.Int("DurationSeconds", 3600)) * time.Second)
	s.add(key, *id)
	return core.Out{
		"AccessKeyId": key, "SecretAccessKey": c.World.IDs.Hex(40, append(about, "secret")...),
		"SessionToken": c.World.IDs.Hex(64, append(about, "token")...), "Expiration": id.Expires,
	}
}

// Scope is the scope of an identity in a Region.
func (id Identity) Scope(region string) store.Scope {
	return store.Scope{Account: id.Account, Region: region}
}
