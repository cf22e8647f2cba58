# Every text that a member sees. One sentence an idea; no sentence is built by gluing strings.

## Commands, options, choices

command-video = Make a video from a description
option-video-prompt = What should be seen, in your own words
option-video-size = Shape of the picture; without it your picture decides
option-video-seconds = Length of the video in seconds
option-video-image = A picture to bring to life; it becomes the first frame
option-video-model = Which model makes it; sizes and lengths follow this choice
option-video-negative = What should not be seen
option-video-audio = Whether it has sound
option-video-seed = A number; with the same one and the same words it comes out alike
option-video-image-url = An https:// link to a picture, in place of a file
option-video-last-image = A picture that the video ends with
command-animate = Bring a picture to life
option-animate-image = The picture; it becomes the first frame
option-animate-prompt = What should happen; without it it moves gently
menu-animate = Animate this picture
choice-model = { $model } · { $provider }
choice-size = { $shape ->
    [wide] Wide
    [tall] Tall
   *[square] Square
} ({ $width }×{ $height })
choice-seconds = { $seconds } seconds
command-show = Show a video and its settings by its id
option-show-id = The five characters that its message names
command-queue = See what is being made and what is waiting
option-queue-show = Whose videos; without it everybody's on this server
choice-queue-all = Everybody's
choice-queue-mine = Mine
command-cancel = Cancel a video that you asked for
option-cancel-id = The five characters that its message names
choice-job = { $id } · { $prompt }

## Status message: the prompt, where it stands, what it will be

status-prompt = 🎬 { $prompt }
status-facts = -# { $size } · { $seconds } s · { $id }
status-facts-model = -# { $size } · { $seconds } s · { $model } · { $id }
status-queued = ⏳ In line
status-queued-next = ⏳ Next in line
status-queued-place = ⏳ Number { $place } in line
status-queued-next-wait = ⏳ Next in line · { wait }
status-queued-place-wait = ⏳ Number { $place } in line · { wait }
wait = { $unit ->
    [moment] a few seconds
    [minutes] about { $count } min
   *[hours] about { $count } h
}
status-queued-held = ⏸️ { $reason } Nothing is ordered or paid meanwhile.
status-queued-trouble = ⏳ { $reason } Trying again { $when }.
status-submitting = 📨 Sending to the video service
status-submitting-trouble = 📨 The video service did not answer clearly. Checking before anything is sent twice.
status-rendering-percent = 🎨 Rendering  { $bar }  { $percent } % · { $elapsed }
status-rendering = 🎨 Rendering · { $elapsed }
status-rendering-trouble = 🎨 Rendering · { $elapsed } · the video service does not answer, asking again
status-fetching = 📥 Downloading the finished video
status-fetching-trouble = 📥 The video is finished, its download failed. Trying again { $when }.
status-fetching-trouble-until = 📥 The video is finished, its download failed. Trying again { $when }; it is kept there until { $until }.
status-fitting = 🗜️ Making it small enough for this channel
status-fitting-percent = 🗜️ Making it small enough for this channel  { $bar }  { $percent } %
status-fitting-trouble = 🗜️ Making it small enough did not work yet. Trying again { $when }.
status-delivering = 📤 Uploading
status-delivering-trouble = 📤 The video is finished and kept here, but Discord does not take it yet. Trying again { $when }.
status-prompt-refused = 🎬 (This server's filters do not let me repeat the prompt.)
status-delivered = ✅ Done in { $elapsed }: { $link }
status-delivered-still = 🖼️ Done in { $elapsed }, but the video is too large for this place. A picture of it, and where it is: { $link }
status-delivered-parent = ✅ Done in { $elapsed }. This thread takes no message from me any more, so it is in its channel: { $link }
status-delivered-direct = ✅ Done in { $elapsed }. I can no longer post here, so it went to the author's direct messages.
status-held = ⏸️ { $reason } It goes on by itself as soon as the owner of this bot has set it right.
status-held-unpaid = ⏸️ { $reason } Nothing is ordered or paid before that is set right; then it goes on by itself.
status-held-until = ⏸️ { $reason } The finished video is kept by the video service until { $until } and is fetched as soon as that is set right.
status-failed = ❌ { $reason }
status-unsure = ⚠️ { $reason }
status-cancelled = 🚫 Cancelled before anything was paid.
status-cancelled-paid = 🚫 Cancelled. The rendering had begun, so the service may charge for it.
status-cancelled-because = 🚫 { $reason }
status-cancelling = 🚫 Cancelling
button-cancel = ✖ Cancel
button-try-again = Try again anyway
button-give-up = Give up
button-retry = 🔁 Retry
button-again = 🔁 Again
button-delete = 🗑️ Delete
button-delete-yes = 🗑️ Yes, delete it
status-deleted = 🗑️ Delivered, and deleted since.
status-cancel-late = 📥 It was finished before the cancel arrived, so it is paid for and comes.
status-hint-retry = -# Retry goes on with the video that is paid for already; nothing is rendered again.
status-hint-again-costs = -# Again orders it anew, and that costs again.
status-hint-decide = -# The owner of this bot, or a member who may manage the server, decides: trying again may cost a second time.

## Result message

result-ready = { $member } Your video is ready.
result-prompt = > { $prompt }
result-prompt-refused = -# (This server's filters do not let me repeat the prompt.)
result-still = { $member } Your video is finished, but { $megabytes } MB are too large to post here, and it cannot be made small enough. This is a picture of it. The video is kept: `/show { $id }` hands it out where files of its size fit, and the owner of this bot has it too.
result-parent = Its thread { $thread } takes no message from me any more, so it comes here.
result-direct = I can no longer post where you asked for it ({ $channel }), so it comes here.
result-perhaps-twice = -# I could not see whether an earlier attempt came through, so this may be here twice.

## Bringing a picture to life

animate-prompt = The picture comes to life with gentle, natural movement
animate-title = Animate this picture
animate-label = What should happen in it?
animate-no-picture = There is no picture attached to this message.

## The question how a picture shall fit

draft-ask = Your picture has another shape than the video, which is { $size }. How should it fit? Nothing is ordered until you choose.
draft-dropped = Nothing was ordered.
earlier-found = This has been made before, with exactly these words and settings, and watching it costs nothing: { $link }
button-anew = 🔁 Make it anew
fit = { $fit ->
    [crop] The picture cropped to the frame
    [pad] The whole picture with bars beside it
   *[blur] The whole picture before a blurred copy of itself
}
button-fit = { $number } · { $fit ->
    [crop] Crop
    [pad] Bars
   *[blur] Blurred edges
}

## Answers

cancel-done = Cancelled **{ $id }**.
cancel-soon = Cancelling **{ $id }**. Its message will say how it ended.
try-again-done = **{ $id }** is in line again. Its message shows how it goes on.
give-up-done = **{ $id }** is given up.
retry-done = **{ $id }** goes on with the video that is paid for; nothing is rendered again.
delete-ask = Delete the video **{ $id }**, here and from my disk? It cannot be brought back, and it is not refunded.
delete-done = **{ $id }** is deleted.
delete-later = Discord does not delete **{ $id }** right now. Press again in a moment.
delete-unreachable = **{ $id }** is gone from my disk, but I may not delete its message. Someone who manages this channel can.
queue-empty = Nothing is being made right now. `/video` starts something.
queue-title = { $count ->
    [one] One video in the works
   *[other] { $count } videos in the works
}
queue-line-running = 🎨 **{ $id }** · { $member } · { $stage } · { $prompt }
queue-line-wait = ⏳ **{ $id }** · { $member } · number { $place } · { wait } · { $prompt }
queue-line-place = ⏳ **{ $id }** · { $member } · number { $place } · { $prompt }
queue-line-far = ⏳ **{ $id }** · { $member } · far behind · { $prompt }
queue-line-trouble = ⏳ **{ $id }** · { $member } · trying again { $when } · { $prompt }
queue-line-unsure = ⚠️ **{ $id }** · { $member } · waiting for a decision · { $prompt }
queue-page = Page { $page } of { $pages }
queue-cancel-hint = Cancel one of these
button-back = ◀
button-next = ▶
show-kept = The video is kept here; this is it.
show-kept-elsewhere = The video is kept on machine { $machine }. The owner of this bot has it there under **{ $id }**.
show-kept-too-large = The video is kept here, but it has { $megabytes } MB and { $limit } MB fit into an answer to you. The owner of this bot has it under **{ $id }**.
show-votes = 👍 { $up } · 👎 { $down }
show-votes-stars = { $votes ->
    [one] ⭐ { $stars } of 5 · one vote
   *[other] ⭐ { $stars } of 5 · { $votes } votes
}
show-votes-none = No votes yet
stage-submitting = sending
stage-rendering = rendering
stage-fetching = downloading
stage-fitting = making it smaller
stage-delivering = uploading

## The log channel of the bot's owners

operator-failed = ❌ **{ $id }** failed ({ $code }) · { $provider } · { $member } in { $channel }
operator-unsure = ⚠️ **{ $id }** may have been charged and waits for a decision ({ $code }) · { $provider } · { $member } in { $channel }
operator-more = { $count ->
    [one] and one more: { $ids }
   *[other] and { $count } more: { $ids }
}

## Permissions, as Discord names them

permission-view_channel = View Channel
permission-send_messages = Send Messages
permission-send_messages_in_threads = Send Messages in Threads
permission-attach_files = Attach Files
permission-read_message_history = Read Message History

## What went wrong, and what to do

error-prompt-empty = The prompt is empty. Say in a few words what should be seen.
error-prompt-too-long = The prompt has { $length } characters; { $limit } fit. Shorten it and send it again.
error-size-unknown = The size { $size } is not offered here. Choose one of: { $allowed }.
error-seconds-unknown = { $seconds } seconds are not offered here. Choose one of: { $allowed }.
error-model-unknown = There is no model “{ $model }” here. Choose one from the list that appears while you type.
error-model-retired = { $model } takes no orders since { $day }. Choose another model.
error-option-unsupported = { $model } does not take { $option ->
    [picture] a picture
    [last-picture] a last picture
    [seed] a seed
    [negative] a negative prompt
   *[audio] a choice of sound
}. Leave it out, or choose another model.
error-seed-unknown = A seed is a whole number from 0 to { NUMBER($limit, useGrouping: 0) }.
error-negative-too-long = The negative prompt has { $length } characters; at most { $limit } are possible.
error-picture-address = The picture's address cannot be used: { $reason }. Give an https:// link to a public picture, or attach the file.
error-picture-twice = You gave both a file and a link for the picture. Give one of them.
error-last-picture-alone = A last picture needs a first one too. Give that one as `image`.
error-draft-gone = This choice is no longer open. Give the command again.
error-picture-unreadable = I cannot open this picture. Use a JPEG, PNG, WebP, AVIF or GIF file that opens on your device.
error-picture-too-large = The picture is too large. Up to { $limit } MB fit; a screenshot of it would do.
error-picture-too-many-pixels = The picture has { $width }×{ $height } pixels; up to { $limit } megapixels fit. Make it smaller and send it again.
error-picture-unreachable = I could not download the picture. If you gave a link, is it public? Try again, or attach the file.
error-place-unusable = I cannot deliver a video here: I need { $permissions }. Ask someone who manages this channel, or use another one.
error-too-many-waiting = You already have { $limit ->
    [one] one video
   *[other] { $limit } videos
} in line. Wait for one to start, or cancel one with `/cancel`.
error-line-full = There are already { $limit } videos in line here, as many as may wait. Try again when some of them have started.
error-no-room = My disk is full, so I take no new videos right now. Nothing was paid; the owner of this bot has to make room.
error-disk-read-only = I cannot write to my disk, so I take no new videos right now. Nothing was paid; the owner of this bot has to set it right.
error-database-away = I cannot write anything down right now, so I take nothing new. Nothing was paid; please try again in a few minutes.
error-result-unreachable = The video is finished and paid for, but I could not download it. The owner of this bot should look at the log.
error-job-unknown = I know no video { $id } here. Its id stands in its message, for example `7F3K2`.
error-not-yours = Only the person who asked for { $id }, or a moderator, can do this.
error-too-late = { $id } can no longer be cancelled: it has ended.
error-on-its-way = { $id } can no longer be cancelled: it is paid for and finished, and comes in a moment. You can delete it then.
error-awaits-decision = It is not known yet whether { $id } was charged, so it cannot simply be cancelled. The owner of this bot, or a member who may manage the server, decides with the buttons on its message.
error-not-yours-to-decide = This is about money: only the owner of this bot, or a member who may manage the server, can decide about { $id }.
error-decided = { $id } has moved on meanwhile. Its message shows how it stands.
error-nothing-to-retry = { $id } cannot be fetched again. Ask for it anew with `/video`.
error-not-ended = { $id } is still being made. Cancel it instead, or wait for its end.
error-picture-gone = The picture of this video is no longer kept. Attach it again with `/video`.
error-command-not-allowed = You may not use commands in this channel, so I cannot make a video for you here.
error-button-unknown = I no longer know this button. `/show` with the id on the message may help.
error-cancelled-stopped = Cancelled. The service has stopped the rendering; it may charge for what it had begun.
error-cancelled-running = Cancelled. The service cannot stop what it has begun, so it may charge for it.
error-given-up = Given up. It may have been charged; nothing more is ordered.
error-provider-unreachable = The video service does not answer. Nothing was paid; please try again later.
error-provider-busy = The video service is full. Nothing was paid; please try again later.
error-provider-auth = The video service refuses this bot's key. Nothing was paid; the owner of this bot has to set it right.
error-provider-refused = The video service does not take this request. Nothing was paid; try other words, another size or another length.
error-provider-moderated = { $what ->
    [prompt] The content rules of the video service refused the prompt.
    [picture] The content rules of the video service refused the picture.
    [request] The content rules of the video service refused the prompt or the picture.
    [result] The content rules of the video service refused the finished video.
   *[unknown] The video service refused this because of its content rules.
} { $cost ->
    [none] Nothing was paid.
   *[unknown] It may have been charged.
} { $what ->
    [prompt] Try other words.
    [picture] Try another picture.
   *[unknown] Try other words or another picture.
}
error-provider-failed = { $reason ->
    [none] The video service failed while rendering.
   *[other] The video service failed while rendering: { $reason }
} It may have been charged; you can ask for it again.
error-provider-nonsense = The video service sent something that is no video, again and again. It may have been charged; the owner of this bot should look at its settings.
error-provider-lost = The video service no longer knows this video; it may have been restarted. It may have been charged; asking again may cost again.
error-provider-cancelled = The video service cancelled the rendering. It may charge for what it had begun; you can ask for it again.
error-result-expired = The finished video is no longer kept by the video service, so it could not be downloaded. It may have been charged; asking again costs again.
error-result-unreadable = The video service sent a broken file again and again. It may have been charged; the owner of this bot should look at it.
error-result-too-large = The video is finished and paid for, but it is too large for this place and cannot be made small enough. { $kept ->
    [no] It was kept here for a while and is gone by now; it can only be asked for again.
   *[yes] It is kept here: `/show { $id }` hands it out where files of its size fit.
}
error-deadline = The rendering took too long and was given up. It may have been charged; asking again may cost again.
error-delivery-forbidden = The video is finished and paid for, but I may post neither here nor in the author's direct messages. { $kept ->
    [no] It was kept here for a while and is gone by now; it can only be asked for again.
   *[yes] It is kept here: `/show { $id }` hands it out.
}
error-delivery-gone = The video is finished and paid for, but the place where it was asked for is gone. { $kept ->
    [no] It was kept here for a while and is gone by now; it can only be asked for again.
   *[yes] It is kept here: `/show { $id }` hands it out.
}
error-delivery-failed = The video is finished and paid for, but Discord did not take it. { $kept ->
    [no] It was kept here for a while and is gone by now; it can only be asked for again.
   *[yes] It is kept here: `/show { $id }` hands it out.
}
error-charge-unknown = The connection broke while this was being ordered. It may have been charged, so I do not order it again by myself.
error-internal = { $paid ->
    [no] Something went wrong on my side, before anything was paid. It is in the owner's log; you can try again.
    [perhaps] Something went wrong on my side after this was ordered, so it may have been charged. It is in the owner's log.
   *[unknown] Something went wrong on my side. It is in the owner's log.
}
trouble-provider-unreachable = The video service does not answer.
trouble-model-unknown = Its video service is not set up here any more; the owner of this bot can bring it back.
trouble-provider-auth = The video service refuses this bot's key now.
trouble-provider-busy = The video service is full.
trouble-no-room = My disk is full.
trouble-disk-read-only = I cannot write to my disk.
trouble-database-away = My database does not answer.

## Boards: the first line, a line a clip, what it comes to

board-story = 🎞️ Story: { $prompt }
board-longer = 🎞️ Longer video: { $prompt }
board-variations = 🎲 Variations: { $prompt }
board-styles = 🎨 Styles: { $prompt }
board-refinement = 🔧 Refining: { $prompt }
board-joined = 🎬
board-joined-about = The whole video
board-clip-seconds = { $seconds } s
board-clip-planned = `{ $number }` ▫️ { $about }
board-clip-skipped = `{ $number }` ⏭️ { $about } · left out
board-clip-failed = `{ $number }` ❌ { $about } · { $reason }
board-clip-cancelled = Cancelled.
board-clip-done = `{ $number }` ✅ { $about } · { $link }
board-clip-deleted = `{ $number }` 🗑️ { $about } · deleted since
board-clip-waiting = `{ $number }` ⏳ { $about } · in line
board-clip-place = `{ $number }` ⏳ { $about } · number { $place } in line
board-clip-unsure = `{ $number }` ⚠️ { $about } · nobody knows whether it was ordered: `/show { $id }`
board-clip-trouble = `{ $number }` ⏳ { $about } · waits for something outside: `/show { $id }`
board-clip-joining = `{ $number }` ⏳ { $about } · joining the clips
board-clip-percent = `{ $number }` ⏳ { $about }  { $bar }  { $percent } %
board-clip-rendering = `{ $number }` ⏳ { $about } · rendering
board-clip-coming = `{ $number }` 📥 { $about } · on its way
board-facts = -# { $size } · { $each ->
    [yes] { $seconds } s each
   *[no] { $seconds } s in all
}{ $named ->
    [yes] {" "}· { $model }
   *[no] {""}
} · { $id }
board-quote = 🧾 Still to be made: { $clips ->
    [one] 1 clip
   *[other] { $clips } clips
}, { $seconds } s
board-quote-price = 🧾 Still to be made: { $clips ->
    [one] 1 clip
   *[other] { $clips } clips
}, { $seconds } s · about ${ $price }
board-running = 🎨 In work
board-waits = ⏸️ It waits for you: make the clip anew, change its words, leave it out, or stop here.
board-done = ✅ Done: { $made ->
    [one] 1 clip
   *[other] { $made } clips
}
board-nothing = 🚫 Ended without a video.
board-dropped = Dropped; nothing was ordered.
board-redo-done = { $joined ->
    [yes] The clips are joined once more.
   *[no] Clip { $number } is made anew.
}
board-change-title = Clip { $number }
board-change-label = What should be seen
board-change-costs = The clip is made anew with these words, and paid for anew.
board-change-done = { $joined ->
    [yes] The clips are joined once more.
   *[no] Clip { $number } is made with these words.
}
board-skip-done = { $joined ->
    [yes] The clips stay as they are.
   *[no] Clip { $number } is left out.
}
board-stop-done = Nothing more is ordered. What is being made already still comes.
board-stop-join = Nothing more is ordered. What is being made already still comes, and is joined with the rest.
board-which-redo = Which one should be made anew? It is paid for again.
board-which-change = Whose words should change? A clip that is made already is paid for again.
board-which-skip = Which one should be left out?
button-start = ▶ Start
button-redo = 🔁 Redo
button-change = ✏️ Change
button-skip = ⏭️ Skip
button-stop = ⏹️ Stop here
button-stop-join = ⏹️ Stop here and join
result-clip = { $relation ->
    [scene] -# Scene { $clip }
    [continuation] -# Part { $clip }
    [refinement] { $member } Round { $clip } is ready to be rated.
    [variation] { $member } Variation { $clip } is ready.
   *[style] { $member } Look { $clip } is ready.
}
result-joined = { $member } Your video is ready, in one piece.
error-board-unknown = There is no board with the id { $id } that you may see here.
error-board-ended = This board has ended already.
error-clip-busy = This clip is being made right now, or the board has changed meanwhile. Look at its message and try again.
error-nothing-to-redo = There is no clip yet that could be made anew.
error-nothing-to-change = There is no clip whose words could still change.
error-nothing-to-skip = There is no clip that could be left out: what is made or being made stays.
error-no-beginning = The video that this clip goes on from is not kept here any more, or has no frame to go on from. Make the one before it anew, or leave this one out.
error-join-impossible = The clips could not be joined. They are all there, each as a video of its own.
error-join-source-gone = One of the clips is not kept here any more, so they cannot be joined. They stand above, each as a video of its own.

## Stories, and videos that are longer than a model can make

command-story = Tell a story in scenes that become one video
option-story-idea = Your idea in a sentence or two; without it you write the scenes yourself
option-story-scenes = How many scenes to make of the idea, 1 to 10
option-story-chained = Whether each scene goes on where the one before ends
option-story-fade = Whether the scenes fade into each other instead of a cut
option-story-title = Shown as a title card at the beginning
option-story-size = Shape of the picture
story-form-title = Your story
story-form-scenes = Scenes
story-form-scenes-hint = One scene a line, up to { $most }. End a line with 8s to make it 8 seconds long.
story-form-example = A lighthouse at dawn, seen from the sea 8s
story-form-name = Title card
story-form-name-hint = Two seconds at the beginning; leave it empty for none.
story-scene-title = Scene { $number }
story-scene-label = What happens in it
story-scene-hint = End it with 8s to make it 8 seconds long.
story-scene = `{ $number }` **{ $seconds } s** · { $prompt }
story-scene-refused = Scene { $scene }: { $reason }
story-length = scene { $scene } is { $seconds } s instead of { $asked }
story-lengths = 📏 This model makes { $offered } s, so the nearest were taken: { $changed }.
story-split = ✍️ Your idea in scenes{ $offline ->
    [yes] , by the built-in rules
   *[no] {""}
}. *Edit* changes whatever you like.
story-split-instead = ✍️ The built-in rules made these scenes, because: { $reason } *Edit* changes whatever you like.
story-typed = { $sentence }
    -# Nothing is lost; this is what you typed:
board-story-untitled = 🎞️ A story in { $scenes ->
    [one] one scene
   *[other] { $scenes } scenes
}
button-edit = ✏️ Edit
button-add-scene = ➕ Add a scene
button-chain = 🔗 Each scene continues the one before: { $on ->
    [yes] on
   *[no] off
}
button-fade = { $on ->
    [yes] 🌫️ Cross-fade
   *[no] ✂️ Cut
}
longer-parts = 📏 At most { $most } s come in one piece here. So it is made in { $count } parts of { $parts } s, each going on where the one before ends, and joined to one video of { $seconds } s{ $exact ->
    [yes] {""}
   *[no] {" "}(nearest to { $asked } s)
}.
choice-longer = { $seconds } seconds, joined of { $parts }
longer-cropped = ✂️ Your picture has another shape than the video, so it is cropped to the frame.
longer-words = ✍️ Sent in these words: { $prompt }
error-too-long-to-join = { $seconds } s are too long: up to { $most } s can be joined of parts here.

## Better words before anything is paid, and hints

command-enhance = Have your words made better before anything is paid
command-check = See what may go wrong with a prompt; nothing is ordered
option-check-prompt = The prompt, in your own words
option-video-enhance = See better words for your prompt first, and choose; nothing is paid before that
command-build = Put a prompt together from its parts
enhance-ask = **Which words shall it be?** Nothing is ordered until you choose.
enhance-facts = -# { $size } · { $seconds } s{ $model ->
    [none] {""}
   *[other] {" "}· { $model }
}
enhance-own = Your words
enhance-better = Better words
enhance-edited = Your better words
enhance-nothing = I found nothing to add to your words.
enhance-too-long = The better words would be too long for this model, so these are yours alone. Edit them, or take them as they are.
enhance-by-rules = -# The better words are from the built-in rules: what was missing is added.
enhance-by-model = -# The better words are from the language model.
enhance-by-rules-because = -# The built-in rules looked at it, because the language model { $why ->
    [prompt-api-unreachable] did not answer in time.
    [prompt-api-busy] has too much to do right now.
    [prompt-api-auth] refuses this bot's key or has no credit left.
    [prompt-api-refused] did not want to write about this.
    [prompt-api-nonsense] answered with something that is no prompt.
   *[other] failed.
}
enhance-edit-title = Better words
enhance-edit-label = What should be seen
button-use-it = ✨ Use it
button-use-mine = Use mine
button-edit = ✏️ Edit
build-title = Build a prompt
build-example = Such as: { $example }
build-subject = Who or what, and what happens
build-subject-example = a red fox with a bushy tail trots across a clearing and looks up, slow and calm
build-scene = Where
build-scene-example = a snowy pine forest, tall trunks on both sides, mist between them
build-camera = Camera and movement
build-camera-example = low angle, medium shot, the camera follows slowly from the side
build-light = Light
build-light-example = early morning, low golden sun through the trees, long blue shadows
build-style = Style
build-style-example = cinematic and realistic, natural colors, shallow depth of field
hint = -# 💡 Next time: { $note }
hint-more = -# 💡 And: { $note }
notes-title = 💡 Hints
note-line = • { $note }
note-word = “{ $word }”
check-title = 💡 What I would look at before ordering this:
check-nothing = ✅ Nothing stands out: it reads like a prompt that works.
note-contradiction = Keep { $one } or { $other }: they exclude each other. Or say how one becomes the other.
note-vague = Instead of { $words }, say what there is to be seen.
note-many-subjects = Leave some out: { $words } are many for one clip. Up to three keep their looks.
note-many-actions = Let less happen at once: { $words }. One clip shows two or three things well; `/story` gives the others scenes of their own.
note-several-scenes = Keep to one scene: { $words } starts another. `/story` makes a clip of each scene and joins them.
note-physics = Leave out { $words }: models draw what goes against physics badly. If you want it so, call it a dream or magic.
note-no-camera = Say how the camera sees it, such as “close-up”, “wide shot” or “slow pan”.
note-no-light = Say what the light is like, such as “golden hour”, “soft daylight” or “neon at night”.
note-real-person = Describe somebody of your own instead of { $words }: video services often refuse real people.
note-face = Take a picture without a face, if it shows one: some video services refuse faces.
note-protected = Invent one of your own instead of { $words }: video services often refuse protected characters and brands.

## Continue

button-continue = ⏩ Continue
button-join = 🎞️ Join with the part before
command-continue = Make the next part of a video, beginning where it ends
option-continue-id = Which video: its five characters, or choose one of yours
option-continue-prompt = What happens next; without it the words of the video are shown for editing
option-continue-seconds = How long the next part is; otherwise as long as this one
continue-title = What happens after { $id }
continue-label = What should be seen next
continue-hint = It begins where the video ends; size and model stay. This makes a new video of your own.
error-continue-too-early = **{ $id }** has no end yet to go on from. Wait until it is there.
error-nothing-to-continue = **{ $id }** cannot be continued: it is not kept here any more, or has no frame to go on from.
error-source-gone = The video service does not go on from its own earlier video. Nothing was paid. Press *Continue* or *Remix* under the earlier one: then it is made from what is kept here.

## Variations and styles

command-variations = Make a few takes of one description to choose from
option-variations-count = How many; three without it
command-styles = Make one description in several looks
option-styles-styles = The looks, with commas between them; without it you choose from a list
option-video-style = A look, such as cinematic or watercolor
command-style = Looks of this server's own
command-style-add = Add a look for this server, or change one
option-style-name = What it is called
option-style-prompt = What is added to the words of a video in this look
option-style-negative = What should not be seen in this look
command-style-remove = Remove a look of this server's own
option-style-own = Which one
command-style-list = List the looks that this server has added
clip-seed = seed { $seed }
clip-take = take { $number }
board-no-seeds = -# This model takes no seeds, so chance alone makes the takes differ.
board-choose = Press a number to go on with that one.
board-sheet-alt = A frame of each video, with its number
board-pick = `{ $number }` { $about } · { $link }
    What shall become of it?
board-pick-deleted = `{ $number }` { $about } has been deleted since. `/show { $id }` tells more.
button-variations = 🎲 Variations
button-count = { $count }×
styles-ask = Choose { $least } to { $most } looks. What they will take is shown before anything is ordered.
styles-placeholder = Choose the looks
style-not-yours = Only people who may manage this server can do that.
style-added = The look **{ $name }** is there: `/video` and `/styles` offer it on this server.
style-removed = The look **{ $name }** is gone. Videos that were made in it stay as they are.
style-none = This server has no looks of its own yet. `/style add` adds one.
style-list = Looks of this server, { $count } of at most { $most }:
style-line = **{ $name }** · { $about }
error-style-unknown = There is no look “{ $style }” here. Choose one from the list while you type.
error-style-name = Give the look a name of 1 to { $limit } letters or digits.
error-style-taken = “{ $style }” is a built-in look. Choose another name.
error-style-text = The text of a look has 1 to { $limit } characters, and so has what should not be seen.
error-styles-full = This server has { $limit } looks of its own, as many as it may. Remove one with `/style remove`.
error-styles-count = Choose { $least } to { $most } different looks.
error-not-to-vary = This video was made from more than words and a first picture, so I cannot vary it. *Again* makes it once more.
style-cinematic = Cinematic
style-documentary = Documentary
style-animation = 3D animation
style-anime = Anime
style-watercolor = Watercolor
style-ink-wash = Ink wash
style-oil-painting = Oil painting
style-film-noir = Film noir
style-vintage-8mm = Vintage 8 mm
style-claymation = Claymation
style-papercraft = Papercraft
style-pixel-art = Pixel art
style-comic-book = Comic book
style-cyberpunk = Cyberpunk
style-time-lapse = Time-lapse
style-slow-motion = Slow motion

## Refining: rounds that are rated until one is good

command-refine = Make a video in rounds: each is rated, and its words are improved for the next
option-refine-rounds = How many rounds at most; 4 if left out
option-refine-judge = Who rates the rounds; you if left out
choice-judge-me = I rate the rounds
choice-judge-channel = Everybody here rates them
criterion-visual-quality = visual quality
criterion-prompt-adherence = prompt adherence
criterion-consistency = consistency
criterion-narrative = narrative
criterion-visual-quality-label = Visual quality
criterion-prompt-adherence-label = Prompt adherence
criterion-consistency-label = Consistency
criterion-narrative-label = Narrative
criterion-visual-quality-asks = Sharp, clean, well lit? 10 is best.
criterion-prompt-adherence-asks = Does it show what the words ask for?
criterion-consistency-asks = Do things keep their shape, and move as they would?
criterion-narrative-asks = Does it flow, from a beginning to an end?
refine-proposed = { $judge ->
    [channel] ⭐ Everybody here may rate each round; you close the vote.
   *[me] ⭐ You rate each round.
} At 8 of 10 it is done. Below that you are shown better words for the next round, and nothing is ordered before you say so.
refine-quote = 🧾 { $what ->
    [one] One round: { $seconds } s
    [most] At most { $rounds } rounds: { $seconds } s
   *[left] Still possible: { $rounds ->
        [one] 1 round
       *[other] { $rounds } rounds
    }, { $seconds } s
}
refine-quote-price = 🧾 { $what ->
    [one] One round: { $seconds } s · about ${ $price }
    [most] At most { $rounds } rounds: { $seconds } s · about ${ $price }
   *[left] Still possible: { $rounds ->
        [one] 1 round
       *[other] { $rounds } rounds
    }, { $seconds } s · about ${ $price }
}
refine-in-work = 🎨 Round { $round } of at most { $rounds } is in work
refine-failed = ⏸️ Round { $round } could not be made: make it anew, change its words, or stop here.
refine-rate = { $judge ->
    [channel] ⭐ How good is round { $round }? Everybody here may rate it.
   *[me] ⭐ How good is round { $round }? Its author rates it.
}
refine-votes = ⭐ Round { $round }: { $score } of 10 by { $votes ->
    [one] 1 rating
   *[other] { $votes } ratings
} so far. Its author closes the vote with *Go on*.
refine-rated = ⭐ Round { $round }: { $score } of 10. *Go on* shows its author what follows.
refine-words-wait = ✏️ The words for round { $next } wait for their author. Nothing is ordered yet.
refine-round-first = the words as they are
refine-round-for = for { $criteria }
refine-round-rated = { $about } · ⭐ { $score }
refine-over = { $why ->
    [good] ✅ Good enough.
    [limit] ✅ All { $rounds } rounds are made.
   *[stopped] ✅ Stopped.
} 🏆 The best is round { $best } with { $score } of 10{ $linked ->
    [yes] {": "}{ $link }
   *[no] .
}
refine-over-unrated = { $made ->
    [0] 🚫 Ended without a video.
    [one] ✅ Stopped after 1 round that nobody has rated.
   *[other] ✅ Stopped after { $made } rounds that nobody has rated.
}
refine-form-title = Round { $round }
refine-form-scale = 1 to 10
refine-form-comment = What should be better?
refine-form-comment-asks = Read where a language model writes the next words
refine-score = { $criterion } { $score }
refine-came-to = ⭐ Round { $round }: **{ $score }** of 10 ({ $scores })
refine-words-changed = { $writer ->
    [model] ✏️ The language model has changed the words for **{ $criteria }**. Round { $next } of at most { $rounds } is made when you press *Render*.
    [instead] ✏️ The built-in rules have changed the words for **{ $criteria }**, because the language model failed. Round { $next } of at most { $rounds } is made when you press *Render*.
    [author] ✏️ Your own words for **{ $criteria }**. Round { $next } of at most { $rounds } is made when you press *Render*.
   *[rules] ✏️ The built-in rules have changed the words for **{ $criteria }**. Round { $next } of at most { $rounds } is made when you press *Render*.
}
refine-words-unchanged = ✏️ The weak point is **{ $criteria }**, but the words stay the same. Press *Edit* for your own, or *Render* to try them once more as round { $next } of at most { $rounds }.
refine-words-of = The words of round { $round }
refine-words-title = The words of round { $round }
refine-vote-counts = Your rating counts. Round { $round } stands at { $score } of 10 by { $votes ->
    [one] 1 rating
   *[other] { $votes } ratings
}. You may change yours until the vote is closed.
refine-round-ordered = Round { $round } is ordered.
button-rate-round = ⭐ Rate round { $round }
button-go-on = ▶ Go on
button-next-round = ✏️ Words of round { $round }
button-render-round = ▶ Render round { $round }
button-edit-words = ✏️ Edit
error-round-closed = This round takes no ratings now: it is not there yet, or it is past. The message of the refinement shows where it stands.
error-round-unrated = Nobody has rated this round yet.
error-words-past = These words are past: others wait by now, or the round is ordered already. The message of the refinement shows where it stands.
error-only-author-rates = Only the author rates these rounds.
error-only-author-goes-on = Only the author decides how this refinement goes on: they pay for it.

## What members like here, and figures

choice-rated = · 👍 { $percent } % ({ $votes })
details-hint = **Here** { $trait ->
    [seconds] videos of { $what } seconds rate
   *[other] { $what } rates
} { $percent } %, { $votes } votes
command-stats = See how many videos were asked for, how many came out and how long that took
option-stats-period = Of how many days; without it the last 30
choice-period-7 = Last 7 days
choice-period-30 = Last 30 days
choice-period-90 = Last 90 days
choice-period-365 = Last 365 days
choice-period-all = All the time
stats-title = 📊 **{ $period }** · { $place ->
    [server] this server
   *[direct] our direct messages
}
stats-none = No video was asked for in this time. `/video` makes one.
stats-jobs = { $jobs ->
    [one] **One** video
   *[other] **{ $jobs }** videos
} asked for: { $parts }.
stats-delivered = { $count } delivered
stats-failed = { $count } failed
stats-cancelled = { $count } cancelled
stats-going = { $count } under way
stats-rates = Success rate **{ $percent }**, median wait **{ $waited }**, median making time **{ $took }**.
stats-own = **You** { $jobs ->
    [0] none
    [one] one video
   *[other] { $jobs } videos
}, success rate { $percent }, wait { $waited }, making { $took }.
stats-members = **By member** · videos · success · wait · making
stats-member = { $member } { $facts }
somebody-gone = someone who has left
stats-more = … and { $count } more
stats-facts = { $jobs } · { $percent } · { $waited } · { $took }
stats-cut = Counted are only the newest { $most } videos.
stats-alt = Figures of videos as a picture, { $period }: by time, by model, and by member where that is shown.
stats-picture-title = Videos in figures
stats-picture-subtitle = { $period }, by the day (UTC) on which they were asked for
stats-picture-success = Success rate, { $days ->
    [1] a day a point
    [7] a week a point
   *[other] { $days } days a point
}
stats-picture-wait = Median wait
stats-picture-making = Median making time
stats-picture-columns = Columns: videos asked for, at most { $most }
stats-picture-models = By model · videos · success · wait · making
stats-picture-members = By member · videos · success · wait · making
stats-picture-footnote = Wait and making are medians: half of the videos took less

## Comparisons

command-compare = Let the channel choose the better of two videos, blind
option-compare-first = Which video: its five characters, or choose one
option-compare-second = The other one; without it a video of the same family
option-compare-votes = It ends with so many votes
option-compare-hours = It ends after so many hours at the latest
button-better = 👍 { $side } is better
button-compare-end = 🏁 End now
button-compare = 🆚 Compare
button-details-of = 📋 Details of { $side }
compare-preparing = 🆚 I am getting the two videos ready. This may take a minute.
compare-open = 🆚 **Which one is better?** The first is **A**, the second **B**.
    Whose they are, how they were made and how the votes stand is shown at the end: after { $enough } votes, or { $until }.
compare-alt = Video { $side } of the comparison
compare-chosen = You chose **{ $side }**. It ends { $until }, or with { $enough } votes; until then your last press counts.
compare-chosen-last = You chose **{ $side }**, and yours was the last vote that was needed. The end will be there in a moment.
compare-ended = It is over. The end will be there in a moment.
compare-won = 🏆 **{ $side }** is better, says the vote: { $more } to { $fewer }.
compare-tie = 🤝 A tie: { $votes } to { $votes }.
compare-nobody = 🆚 Nobody has voted.
compare-was = **{ $side }** was { $video } by { $member } · { $votes ->
    [one] 1 vote
   *[other] { $votes } votes
}
compare-style = style { $style }
compare-plain = no style
compare-seconds = { $seconds } s
compare-seed = seed { $seed }
compare-no-seed = no seed
compare-prompt = > { $prompt }
compare-no-difference = Both were asked for alike.
compare-deleted = One of the videos has been deleted since, so they are not shown any more.
error-compare-itself = { $id } cannot be compared with itself. Choose two videos.
error-compare-not-here = { $id } cannot be compared: it is not posted on this server, or not yet.
error-compare-no-sibling = { $id } has no relative to compare it with. Name the other video in the option `second`.
error-compare-audience = { $id } may not be shown here: it is from a channel that is age-restricted, that you cannot see, or that is gone.
error-compare-gone = 🆚 The two videos cannot be compared: one of them is not there any more.
error-compare-too-large = 🆚 The two videos cannot be made small enough to stand side by side here.
error-comparisons-full = You have { $most } comparisons open here. Wait for an end, or end one by its button.
error-comparison-ended = This comparison is over.
error-comparison-not-yours = Only the person who began this comparison or a moderator can end it.
error-comparison-own-video = One of the two is yours, and on this server authors do not vote on their own videos.

## Settings of feedback

command-settings = How this server votes, what reactions do, where its best videos go
command-settings-show = Show these settings
command-settings-ratings = Set how members vote on videos
option-settings-style = Thumbs, stars, or emoji of your own
option-settings-emoji = 2 to 10 emoji with what each counts, 0 to 100, such as 😍=100 🙂=60 😴=0
option-settings-author-votes = Whether the author's vote on an own video counts
command-settings-reactions = Switch off reactions that do something
option-settings-letter = ✉️ sends the video and its settings to whoever reacts
option-settings-favourite = ⭐ keeps a video as a favourite
option-settings-remove = ❌ by the author or a moderator cancels or deletes
command-settings-best = Set where the best videos and their reel go
option-settings-best-channel = A copy of each favourite of enough members goes here
option-settings-best-from = How many ⭐ are enough; 0 ends the copies
option-settings-reel = How often the best videos come as one
option-settings-reel-channel = Where the reel goes; without it where the copies go
choice-rating-thumbs = Thumbs: 👍 👎
choice-rating-stars = Stars: 1️⃣ to 5️⃣
choice-rating-own = Own emoji
choice-reel-off = Never
choice-reel-week = Every week
choice-reel-month = Every month
settings-not-yours = Only people who may manage this server can do that.
settings-title = ⚙️ **Feedback on this server**
settings-ratings = **Votes** { $scale }
settings-authors = **Authors** { $vote ->
    [yes] vote on their own videos too
   *[no] have no vote on their own videos
}
settings-reactions = **Reactions** { $reactions }
settings-reaction = { $emoji } { $on ->
    [yes] on
   *[no] off
}
settings-best = **Best videos** go to { $channel } from { $stars } on
settings-best-none = **Best videos** are not copied anywhere
settings-reel = **Reel** of the { $every ->
    [week] week
   *[month] month
} goes to { $channel }
settings-reel-none = **Reel** comes only on demand
error-scale-count = { $least } to { $most } emoji with their weights are needed, such as `😍=100 🙂=60 😴=0`; these are { $count }.
error-scale-no-emoji = `{ $part }` is no emoji. Write emoji with their weights, such as `😍=100 🙂=60 😴=0`.
error-scale-weight = `{ $part }` needs a weight from 0 to { $most } after the emoji, such as `😍=100`.
error-scale-twice = { $emoji } stands there twice; each emoji counts one thing.
error-scale-removal = ❌ deletes a video and cannot be a vote. Choose another emoji.
error-scale-missing = Say which emoji count what, such as `😍=100 🙂=60 😴=0`, in the option `emoji`.
error-scale-not-own = Thumbs and stars have their own emoji. Leave the option `emoji` out, or choose the style of own emoji.
error-reel-without-channel = Say in the option `reel_channel` where the reel goes.
error-channel-unusable = I cannot post videos in { $channel }. There I need: { $permissions }.

## Reactions as commands

best-copy = by { $member } · { $stars ->
    [one] { $stars } star
   *[other] { $stars } stars
} · [original]({ $link })
letter-link = **Video** [where it was posted]({ $link })
letter-link-alone = **Video** [where it was posted]({ $link }): it does not come along because it is too large for a direct message, or no longer here.

## Trends, and ratings in detail
command-trends = See what rates well on this server: styles, models, sizes and lengths
option-trends-period = Of how many days; without it the last 90
option-trends-member = Only videos of this member
option-trends-model = Only videos of this model
option-trends-public = Show it to everybody here; without it only you see it
trends-said = 📈 **{ $which }** · { $votes ->
    [0] no votes yet, but people said something in detail
    [one] { $approval } % approval from one vote
   *[other] { $approval } % approval from { $votes } votes
}
trends-none = 📈 **{ $which }** · nobody has voted yet. React under a video, or press *Rate*: from the first votes on there is a picture here.
trends-no-picture = The picture could not be drawn now. The figures are in the table.
trends-table = The figures as a table
trends-title = Trends of { $server }
trends-this-server = this server
trends-one-member = one member
trends-of-member = videos by { $member }
trends-votes = { $votes ->
    [one] one vote
   *[other] { $votes } votes
} on { $videos ->
    [one] one video
   *[other] { $videos } videos
}
trends-course = Approval over time
trends-volume = Columns: votes, at most { $most } in { $days ->
    [1] a day
    [7] a week
   *[other] { $days } days
}
trends-style = Style
trends-model = Model
trends-size = Size
trends-seconds = Length
trends-enhanced = Prompt
trends-enhanced-which = { $which ->
    [yes] enhanced
   *[no] as typed
}
trends-picture = Begins with
trends-picture-which = { $which ->
    [yes] a picture
   *[no] words only
}
trends-no-style = no style
trends-percent = { $percent } %
trends-share = { $percent } % · { $votes }
trends-score = { $score } · { $people }
trends-more = and { $count } more
trends-compared-styles = Chosen blindly: style
trends-compared-models = Chosen blindly: model
trends-detail = In detail, 1 to { $best }
trends-refine = While refining, 1 to { $best }
trends-themes = What people wrote
trends-theme = { $theme } · { $people ->
    [one] one person
   *[other] { $people } people
}
trends-footnote = Beside each bar: the mean vote and how many voted. Grey: too few votes to tell, fewer than { $few }. Thin lines: where it really lies, 95 % sure.
trends-length = { $seconds } s
button-rate = 📝 Rate
rating-title = Rate { $id }
rating-comment = What could be better?
rating-comment-asks = Only if you like. What many people write shows up in /trends, without names.
rating-kept = Thank you. Your rating of **{ $id }** is kept; press *Rate* again to change it.
rating-score = { $score } · { $score ->
    [5] excellent
    [4] good
    [3] fair
    [2] poor
   *[1] bad
}
criterion-realism-label = Realism
criterion-usefulness-label = Usefulness
rating-visual-quality-asks = Is it sharp, clean and well lit?
rating-realism-asks = Does everything look and move as it would?
rating-usefulness-asks = Could you use it for what it was made for?
error-nothing-to-rate = { $id } has no video yet that could be rated.

## History and gallery

command-history = Look through the videos that you have made
command-gallery = Look through the videos of this server
option-gallery-search = Words that were asked for, in any case
option-gallery-style = In which style
option-gallery-model = By which model
option-gallery-rating = By what people think of them
option-gallery-member = Whose videos; without it everybody's
choice-rating-liked = Liked
choice-rating-disliked = Disliked
choice-rating-unrated = Not rated yet
choice-rating-favourites = My favourites
history-title = 🎞️ Your videos · page { $page }
gallery-title = 🎞️ Videos of this server · page { $page }
gallery-empty = No video fits. Fewer filters find more; `/video` makes one.
gallery-more-below = Nothing that you may see fits among the videos looked through so far. *Older* looks further.
gallery-wordless = (a video without words of its own)
gallery-format = { $size } · { $seconds } s
gallery-votes = 👍 { $percent } % ({ $votes ->
    [one] 1 vote
   *[other] { $votes } votes
})
gallery-alt = Numbered pictures of the videos on this page. { $videos }
gallery-newer = ◀ Newer
gallery-older = Older ▶
error-gallery-gone = This list is no longer kept, or it is not yours. Use `/history` or `/gallery` again.

## My data

command-mydata = What this bot keeps about you
command-mydata-export = Get a copy of everything that is kept about you
command-mydata-delete = Have everything deleted that is kept about you
mydata-part = 📦 Your data, part { $part }
mydata-whole = { $parts ->
    [one] That is all, in one ZIP file.
   *[other] That is all, in { $parts } ZIP files.
} `data.json` in the first one holds your prompts, settings, votes and the rest; your videos and pictures lie beside it.
mydata-left-out = { $count ->
    [one] One video is not in it, because it is too large for an answer or no longer kept here. It stands where it was posted:
   *[other] { $count } videos are not in it, because they are too large for an answer or no longer kept here. `links.txt` says where each was posted. The first ones:
}
mydata-holdings = Kept about you: { $videos } videos with their prompts and settings, { $votes } votes, { $favourites } favourites, { $evaluations } ratings in detail, { $comparisons } votes in comparisons, { $boards } boards and { $drafts } drafts.
mydata-under-way = { $count ->
    [one] One of your videos is still under way ({ $ids }).
   *[other] { $count } of your videos are still under way ({ $ids }).
} Cancel them with `/cancel` or wait for their end; then ask again.
mydata-goes = **What goes:** all of that, with every picture, video and copy on my disk. It cannot be brought back.
mydata-stays = **What stays:** one line a video for the accounts, without you and without your words: model, size, length, times, how it ended. Copies that the owner of this bot has backed up, and what the video service keeps, are out of my reach.
mydata-messages = **Messages in Discord** stay unless you choose the second button, which also deletes the messages with your videos. Reactions that you leave on other people's videos stay in Discord and may be counted again: take them back there first.
mydata-delete-yes = 🗑️ Delete my data
mydata-delete-messages = 🗑️ Delete my data and the messages with my videos
mydata-deleted = Everything about you is deleted. { $messages ->
    [yes] The messages with your videos are being deleted; many of them take a while.
   *[no] The messages in Discord still stand.
}
error-export-too-soon = You can have one copy an hour. The next one { $when }.
error-still-under-way = { $count ->
    [one] Your video { $id } is still under way.
   *[other] { $count } of your videos are still under way, such as { $id }.
} Cancel them with `/cancel` or wait for their end. Nothing was deleted.

## Reels

command-best = See the best videos of the last days as one reel
option-best-period = How far back it looks
option-best-count = How many clips it has; five without it
option-best-member = Whose videos; without it everybody's
choice-best-week = The last 7 days
choice-best-month = The last 30 days
month-name = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
}
month-short = { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
}
reel-month = { month-name } { $year }
reel-days = { $first }–{ $last } { month-short }
reel-days-over = { $first } { $first_month } – { $last } { $last_month }
reel-title = { $every ->
    [week] Best of the week · { $days }
   *[month] Best of the month · { $days }
}
reel-mark = 🏆 **{ $title }**
reel-making = The votes are counted, and the best videos are being joined. The reel comes here in a moment.
reel-somebody = A member
reel-facts = { $approval } % · { $votes ->
    [one] 1 vote
   *[other] { $votes } votes
}
reel-line = { $mark } **{ $name }** by { $member } · { reel-facts }
reel-line-gone = { $mark } a video that has been deleted since · { reel-facts }
reel-left-out = -# Would be in it too, but I do not keep the originals any more: { $ids }
result-reel = Here it is: 🏆 **{ $title }**
result-reel-asked = { $member } Your reel is ready: 🏆 **{ $title }**
error-reel-nothing = { $videos ->
    [0] No video was made here in that time, so there is nothing to show.
   *[other] There is nothing to show yet: { $voted ->
        [0] nobody has voted on any of the { $videos } videos of that time.
       *[other] { $videos } videos were made in that time, { $voted } of them have votes; { $gone } I do not keep any more, { $restricted } may not be shown in this channel.
    }
}

## Callback

command-callback = Tell a program of your own how this server's videos end
command-callback-set = Set the address that is told of each finished, failed or cancelled video
option-callback-url = An https:// address that can be reached from the internet
command-callback-off = Tell nobody any more
command-callback-test = Send a test to the address now
callback-not-yours = Only people who may manage this server can do that.
callback-set = Set. From now on the end of every video on this server is sent there, as a POST signed by the Standard Webhooks scheme. The secret, shown only this once:
    `{ $secret }`
    `/callback test` shows whether it works.
callback-address = { $flaw ->
    [not-https] The address must begin with https://, so that nobody reads along on the way.
    [credentials] The address must not carry a user name or password before the host.
    [too-long] The address is too long: 500 characters at most.
   *[other] The address has no host, or characters that do not belong into one.
}
callback-off = Nobody is told any more.
callback-none = No address is set. `/callback set` sets one.
callback-taken = It works: the address took the test with status { $status }.
callback-refused = The address answered with status { $status }; 200 to 299 would have been right. Redirects are not followed.
callback-silent = The address does not answer.
callback-forbidden = The address leads to a private network or nowhere, so I do not ask it. It must be reachable from the internet.

## Prompts

error-prompt-api-unreachable = The language model that writes prompts does not answer. Nothing was paid; try again in a moment.
error-prompt-api-busy = The language model that writes prompts has too much to do. Nothing was paid; try again in a minute.
error-prompt-api-auth = The language model that writes prompts refuses this bot's key, or its credit is used up. Nothing was paid; the owner of this bot can look at it.
error-prompt-api-refused = The language model did not want to write this prompt. Nothing was paid; try other words.
error-prompt-api-nonsense = The language model answered with something that is no prompt. Nothing was paid; try again.
error-prompt-api-failed = The language model that writes prompts failed. Nothing was paid; the owner of this bot can look at it.
error-scenes-none = There is no scene in it yet. Write one scene a line; `8s` at its end makes it 8 seconds long.
error-scenes-too-many = { $count } scenes are too many: { $most } at most.
error-scene-empty = Scene { $scene } says how long it is, but not what happens in it.
error-scene-seconds = The length of scene { $scene } must be a whole number of seconds, such as `8s`.

## Remix, details, lineage

button-remix = ✏️ Remix
button-details = 📋 Details
button-original = ⬇️ Original
button-family = 🌳 Family
command-remix = Make a video once more with other words
option-remix-id = Which video: its five characters, or choose one of yours
option-remix-prompt = The new words; without them the old ones are shown for editing
command-lineage = See which videos were made from which
option-lineage-id = Which video: its five characters, or choose one of yours
remix-title = Remix of { $id }
remix-label = What should be seen
remix-hint = Size, length, model and picture stay as they were. This makes a new video of your own.
remix-nothing = **{ $id }** has no words of its own that could be changed.
relation = { $relation ->
    [again] the same again
    [variation] variation
    [style] another style
    [remix] remix
    [continuation] continuation
    [scene] scene
    [refinement] refinement
    [join] joined
   *[other] made from it
}
details-title = 📋 **{ $id }**
details-typed = **Typed**
    > { $prompt }
details-prompt = **Prompt**
    > { $prompt }
details-negative = **Not to be seen**
    > { $prompt }
details-format = **Format** { $size } · { $seconds } s
details-model = **Model** { $model }
details-service = **Made by** { $service }
details-join = **Made of** { $count ->
    [one] one video
   *[other] { $count } videos
}
details-style = **Style** { $style }
details-seed = **Seed** { $seed }
details-sound = **Sound** { $sound ->
    [yes] asked for
   *[no] not wanted
}
details-picture = **Picture** { $both ->
    [yes] begins and ends with given ones
   *[no] begins with a given one
}
details-cost = **Price** about ${ $price }
details-parent = **Made from** { $parent } · { $relation }
details-board = { $clip ->
    [0] **Board** { $board } · the whole
   *[other] **Board** { $board } · clip { $clip }
}
details-made = **Asked for** { $made } by { $member }
details-made-in = **Asked for** { $made } by { $member }, done in { $elapsed }
details-file-typed = Typed:
details-file-prompt = Prompt:
details-file-negative = Not to be seen:
original-posted = The posted video is the original of **{ $id }**, as it came: { $link }
original-here = The original of **{ $id }**, as it came: { $megabytes } MB.
original-until = I keep it until { $until }, or less long where my disk needs the room.
original-elsewhere = The original of **{ $id }** is kept on machine { $machine }. The owner of this bot has it there.
original-gone = I do not keep the original of **{ $id }** any more.
original-not-yet = **{ $id }** is still being made; there is no original yet.
lineage-title = 🌳 The family of **{ $id }**: { $count } videos
lineage-alone = **{ $id }** was not made from another video, and nothing has been made from it yet. *Again* and *Remix* under a video begin a family.
lineage-first = { $mark } { $asked ->
    [yes] **{ $name }**
   *[no] { $name }
} · { $prompt }
lineage-line = { $mark } { $asked ->
    [yes] **{ $name }**
   *[no] { $name }
} · *{ $relation }* · { $prompt }
lineage-line-same = { $mark } { $asked ->
    [yes] **{ $name }**
   *[no] { $name }
} · *{ $relation }*
lineage-more = … and { $count } more
lineage-alt = The family as a tree of pictures with their ids
