package read

import (
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/route53/types"
)

// Shared is what the Regions of one run need to read once between them: a
// service that answers for all of them counts the calls of all of them. The zero
// value and nil share nothing wrong: a nil Shared shares nothing at all.
type Shared struct {
	mu      sync.Mutex
	records map[string]*sharedRecords
}

type sharedRecords struct {
	mu   sync.Mutex
	list map[recordKey]types.ResourceRecordSet
}

// recordsOf returns the records of a zone, by account and zone. What one Region
// was refused another one, with other permissions, asks for itself.
func (s *Shared) recordsOf(key string, list func() (map[recordKey]types.ResourceRecordSet, error)) (map[recordKey]types.ResourceRecordSet, error) {
	if s == nil {
		return list()
	}
	s.mu.Lock()
	if s.records == nil {
		s.records = map[string]*sharedRecords{}
	}
	entry := s.records[key]
	if entry == nil {
		entry = &sharedRecords{}
		s.records[key] = entry
	}
	s.mu.Unlock()
	entry.mu.Lock()
	defer entry.mu.Unlock()
	if entry.list != nil {
		return entry.list, nil
	}
	records, err := list()
	if err == nil {
		entry.list = records
	}
	return records, err
}
