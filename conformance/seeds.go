package conformance

import (
	"sync"
	"time"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// seed is what decides the data of a fake.
type seed struct {
	seed  int64
	scale fakeaircall.Scale
	clock time.Time
}

// seeds are the worlds that many scenarios begin with. Making one takes as long as a scenario; they only share it.
type seeds struct {
	mu   sync.Mutex
	made map[seed]func() (*fakeaircall.Snapshot, error)
}

// plant makes the fake begin with the shared world, if nothing else about its options has a part in its data.
func (s *seeds) plant(o fakeaircall.Options) (fakeaircall.Options, error) {
	if len(o.Assume) > 0 || o.Deliveries != (fakeaircall.DeliveryOptions{}) {
		return o, nil
	}
	key := seed{o.Seed, o.Scale, o.Clock}
	s.mu.Lock()
	if s.made == nil {
		s.made = map[seed]func() (*fakeaircall.Snapshot, error){}
	}
	world := s.made[key]
	if world == nil {
		world = sync.OnceValues(func() (*fakeaircall.Snapshot, error) {
			f, err := fakeaircall.New(fakeaircall.Options{Seed: key.seed, Scale: key.scale, Clock: key.clock})
			if err != nil {
				return nil, err
			}
			defer f.Close()
			return f.Snapshot(), nil
		})
		s.made[key] = world
	}
	s.mu.Unlock()
	var err error
	o.Snapshot, err = world()
	return o, err
}
