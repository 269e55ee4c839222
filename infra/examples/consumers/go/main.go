// Keeps a copy of the mirror out of the feed: consumer <copy> <subscription> [<subscription of a replay> …]
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"os"
	"sync"
	"time"

	"cloud.google.com/go/pubsub/v2"
	"cloud.google.com/go/pubsub/v2/apiv1/pubsubpb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

var (
	file = os.Args[1]
	held = must(load())
	lock sync.Mutex
)

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func load() (*Copy, error) {
	loaded := &Copy{map[string]*Item{}, map[string]*Watch{}, map[string]*Replay{}}
	stored, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return loaded, nil
	}
	return loaded, errors.Join(err, json.Unmarshal(stored, loaded))
}

// save replaces the file as a whole. In your program this is a transaction of a database.
func save() error {
	if err := os.WriteFile(file+".new", must(json.Marshal(held)), 0o600); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}

// accept applies a message and stores the copy; it returns whether the message may be acknowledged.
func accept(message *pubsubpb.PubsubMessage) bool {
	lock.Lock()
	defer lock.Unlock()
	var data Data
	err := json.Unmarshal(message.Data, &data)
	if err == nil {
		held.Apply(message.Attributes, data)
		err = save()
	}
	if err != nil {
		log.Printf("refused %s: %v", message.MessageId, err)
		held = must(load())
	}
	return err == nil
}

func follow(ctx context.Context, client *pubsub.Client, name string) {
	subscriber := client.SubscriptionAdminClient
	subscription := fmt.Sprintf("projects/%s/subscriptions/%s", client.Project(), name)
	for {
		pulled, err := subscriber.Pull(ctx, &pubsubpb.PullRequest{Subscription: subscription, MaxMessages: 100})
		if status.Code(err) == codes.DeadlineExceeded || errors.Is(err, context.DeadlineExceeded) {
			continue
		}
		for _, each := range must(pulled, err).ReceivedMessages {
			ids := []string{each.AckId}
			if accept(each.Message) {
				err = subscriber.Acknowledge(ctx, &pubsubpb.AcknowledgeRequest{Subscription: subscription, AckIds: ids})
			} else {
				err = subscriber.ModifyAckDeadline(ctx, &pubsubpb.ModifyAckDeadlineRequest{Subscription: subscription, AckIds: ids})
			}
			must(0, err)
		}
	}
}

// report prints each hole that it finds twice. Messages of a watch come in sixteen streams, so that most holes pass.
func report(found map[string]int64) {
	lock.Lock()
	defer lock.Unlock()
	for id, watch := range held.Watches {
		if before, twice := found[id]; twice && before == watch.UpTo && watch.HasHole() {
			log.Printf("changes of %s after %d are missing: replay it", id, watch.UpTo)
		}
		delete(found, id)
		if watch.HasHole() {
			found[id] = watch.UpTo
		}
	}
}

func main() {
	ctx := context.Background()
	client := must(pubsub.NewClient(ctx, os.Getenv("GOOGLE_CLOUD_PROJECT")))
	for _, name := range os.Args[2:] {
		go follow(ctx, client, name)
	}
	patience := must(time.ParseDuration(cmp.Or(os.Getenv("PATIENCE_SECONDS"), "60") + "s"))
	for found := map[string]int64{}; ; time.Sleep(patience) {
		report(found)
	}
}
