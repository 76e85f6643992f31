package collect

import (
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/lockstep-dr/lockstep/internal/aws/immutable"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// known is what earlier runs and this one learned of the Region that never changes.
func (o Options) known(region session.ReadOnly) *immutable.Store {
	place := immutable.Place{Account: region.Account(), Region: region.Region(), Endpoint: aws.ToString(region.Config().BaseEndpoint)}
	if o.Cache == "" {
		return immutable.New(place, o.Now())
	}
	known, err := immutable.Open(o.Cache, place, o.Now())
	o.warn(err)
	return known
}

func (o Options) warn(err error) {
	if err != nil && o.Warn != nil {
		o.Warn(err.Error())
	}
}

// oneAtATime keeps the Regions from speaking at once.
func oneAtATime(warn func(string)) func(string) {
	if warn == nil {
		return nil
	}
	var mu sync.Mutex
	return func(text string) {
		mu.Lock()
		defer mu.Unlock()
		warn(text)
	}
}
