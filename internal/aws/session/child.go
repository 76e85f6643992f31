package session

import (
	"context"
	"fmt"
	"time"
)

// Child is what a program that the team runs for this Region is told: the
// Region and the credentials of the session. secrets are the values among them
// that must never be printed.
func (s *Session) Child(ctx context.Context) (settings map[string]string, secrets []string, err error) {
	if s.Config.Credentials == nil {
		return nil, nil, fmt.Errorf("get credentials for %s: there are none", s.Region.Name)
	}
	credentials, err := s.Config.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("get credentials for %s: %w", s.Region.Name, err)
	}
	settings = map[string]string{
		"AWS_REGION": s.Region.Name, "AWS_DEFAULT_REGION": s.Region.Name,
		"AWS_ACCESS_KEY_ID": credentials.AccessKeyID, "AWS_SECRET_ACCESS_KEY": credentials.SecretAccessKey,
		"LOCKSTEP_REGION": s.Region.Name, "LOCKSTEP_ROLE": string(s.Region.Role), "LOCKSTEP_ACCOUNT": s.Account,
	}
	if credentials.SessionToken != "" {
		settings["AWS_SESSION_TOKEN"] = credentials.SessionToken
	}
	if credentials.CanExpire {
		settings["AWS_CREDENTIAL_EXPIRATION"] = credentials.Expires.UTC().Format(time.RFC3339)
	}
	return settings, []string{credentials.SecretAccessKey, credentials.SessionToken}, nil
}
