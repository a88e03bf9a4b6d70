"""Where the words for moods lie: how pleasant, how roused, each from -1 to 1.

The two dimensions are those of J. A. Russell, "A Circumplex Model of Affect" (1980), who found that people
sort the words for feelings around a circle. Where each word stands here was decided for this table, by what
the word asks for of music; no list of ratings was copied. Words of one line mean the same to it.
"""

from collections.abc import Mapping
from functools import cache
from typing import TypeAlias

Place: TypeAlias = tuple[float, float]
"""Valence and arousal."""


@cache
def places() -> Mapping[str, Place]:
    """Every word that is known, in lower case, and its place."""
    known: dict[str, Place] = {}
    for line in TABLE.strip().splitlines():
        valence, arousal, *words = line.split()
        known.update(dict.fromkeys(words, (float(valence), float(arousal))))
    return known


TABLE = """
 0.95  0.90 ecstatic ecstasy euphoric euphoria rapturous rapture elated elation
 0.90  0.85 exuberant exuberance jubilant jubilation exhilarated exhilarating overjoyed
 0.85  0.95 thrilled thrilling
 0.80  0.85 excited exciting excitement enthusiastic enthusiasm festive celebration party
 0.90  0.60 joyful joyous joy delighted delight delightful glee gleeful happiest
 0.85  0.45 happy happily happiness glad gladness merry cheerful cheer jolly gay
 0.75  0.65 lively vivacious spirited animated sparkling sparkle bouncy bubbly effervescent
 0.75  0.70 energetic energy vibrant dynamic vigorous vigour vigor vital upbeat groovy
 0.80  0.60 playful playfully funny fun humorous amused amusing comic witty jocular frolicsome
 0.60  0.60 mischievous cheeky impish whimsical whimsy quirky capricious
 0.75  0.75 triumphant triumph victorious victory glorious glory heroic
 0.60  0.70 bold brave courageous courage daring adventurous adventure
 0.55  0.60 proud pride confident confidence determined resolute
 0.50  0.80 passionate passion ardent fervent fiery burning
 0.45  0.75 eager keen racing
 0.60  0.50 inspired inspiring inspiration uplifting uplifted encouraged motivated
 0.65  0.35 hopeful hope hopefully optimistic optimism promising confiding
 0.60  0.40 bright brightly brightness radiant shining shiny luminous sunny sunlit
 0.55  0.30 fresh spring springlike morning dawn sunrise
 0.60  0.55 dancing dance dancelike swinging swing rhythmic
 0.50  0.65 majestic majesty grand grandiose noble regal stately ceremonial imperial
 0.40  0.55 epic cinematic dramatic drama
 0.55  0.45 wonder wondering wonderful marvel marvelling amazed amazement astonished awe awed awestruck
 0.40  0.60 surprised surprise surprising astonishing
 0.50  0.40 curious curiosity inquisitive interested exploring
 0.70  0.15 loving love lovely affectionate affection fond adoring adore cherished
 0.65  0.30 romantic romance amorous enamoured infatuated
 0.60  0.45 sensual sensuous sexy seductive flirtatious
 0.65  0.05 warm warmth kindness friendly cosy cozy comfortable comforting comfort homely
 0.70  0.20 grateful gratitude thankful blessed
 0.70 -0.10 pleased pleasant pleasing nice good agreeable
 0.65 -0.25 content contented contentment satisfied satisfaction fulfilled
 0.60 -0.30 carefree easy easygoing leisurely unhurried light-hearted lighthearted
 0.75 -0.20 blissful bliss heavenly paradise
 0.60 -0.45 relaxed relaxing relaxation relieved relief soothed soothing mellow chilled chill laid-back
 0.60 -0.60 calm calmly calming calmness serene serenity peaceful peace peacefully tranquil tranquility
 0.45 -0.65 quiet quietly still stillness hushed silent silence restful rest
 0.50 -0.50 gentle gently tender tenderly tenderness soft softly delicate mild
 0.55 -0.45 graceful grace elegant elegance flowing
 0.40 -0.55 meditative meditation contemplative contemplation prayerful prayer spiritual sacred devotional
 0.45 -0.40 dreamy dream dreaming dreamlike floating ethereal airy weightless celestial
 0.35 -0.75 sleepy drowsy slumber lullaby sleeping sleep
 0.30 -0.60 hypnotic trance ambient drifting
 0.50 -0.55 safe secure trusting trust sheltered
 0.35 -0.30 reflective thoughtful pensive musing introspective
 0.30 -0.20 simple plain innocent innocence childlike pure purity naive
 0.20 -0.20 patient humble modest sober
 0.00  0.00 neutral indifferent ordinary balanced moderate normal
 0.10  0.20 attentive alert aware awake focused concentrated
 0.15  0.45 expectant expecting anticipating anticipation waiting
 0.05 -0.50 passive inert slow slowly languid
 0.10 -0.10 mysterious mystery enigmatic magical magic enchanted enchanting
-0.05 -0.30 distant far-away remote cool aloof detached
 0.05 -0.40 hazy misty foggy vague blurred
 0.15 -0.35 nostalgic nostalgia reminiscing sentimental remembering memories
 0.10 -0.25 bittersweet wistful wistfully
-0.15 -0.15 longing yearning yearn homesick homesickness missing
-0.20 -0.45 autumn autumnal evening dusk twilight nocturnal night nightly
-0.25 -0.40 subdued muted restrained
-0.30 -0.70 tired weary weariness fatigued exhausted worn spent
-0.35 -0.60 bored boredom dull monotonous listless apathetic apathy lethargic
-0.40 -0.45 cold chilly icy wintry winter frozen barren bleak desolate desolation
-0.45 -0.50 lonely loneliness alone lonesome solitary isolated abandoned forsaken deserted
-0.50 -0.40 melancholy melancholic melancholia moody blue blues
-0.65 -0.40 sad sadly sadness unhappy unhappiness downcast sorrow sorrowful sorry
-0.70 -0.50 gloomy gloom glum dismal dreary sombre somber dejected
-0.75 -0.45 depressed depressing depression despondent disheartened downhearted
-0.75 -0.30 mournful mourning grieving grief bereaved funereal funeral lamenting lament elegiac elegy
-0.60 -0.35 tearful weeping crying tears heartbroken heartbreak broken-hearted brokenhearted
-0.80 -0.20 miserable misery wretched suffering pained pain painful hurt wounded
-0.85  0.05 hopeless hopelessness despair despairing desperate desperation
-0.55 -0.20 disappointed disappointment dissatisfied regretful regret remorseful guilty guilt ashamed shame
-0.40 -0.10 pessimistic doubtful doubt sceptical resigned resignation
-0.30 -0.55 empty emptiness hollow void numb
-0.45 -0.20 heavy burdened weighed oppressive oppressed
-0.40  0.05 serious solemn grave severe austere stern
-0.50  0.10 dark darkness darkly shadowy murky black
-0.35  0.25 strange weird odd uncanny surreal alien
-0.50  0.35 eerie spooky haunted haunting ghostly creepy sinister ominous menacing
-0.40  0.40 uneasy uneasiness unsettled insecure apprehensive suspicious
-0.50  0.55 worried worry anxious anxiety concerned troubled distressed distress upset
-0.40  0.65 tense tension tensed suspense suspenseful strained stressed stressful
-0.35  0.70 nervous nervousness jittery restless restlessness fidgety edgy
-0.30  0.75 agitated agitation impatient impatience hectic frantic hurried urgent urgency rushed
-0.45  0.45 confused confusion bewildered disoriented lost
-0.50  0.60 frustrated frustration annoyed annoyance irritated irritation irritable grumpy
-0.60  0.50 bitter bitterness jealous jealousy envious envy resentful resentment
-0.60  0.35 disgusted disgust contempt contemptuous scornful scorn sour
-0.70  0.70 angry angrily anger mad cross indignant hostile hostility hateful hate hatred
-0.75  0.90 furious fury rage raging enraged wrathful wrath outraged
-0.65  0.90 violent violence aggressive aggression brutal savage ferocious fierce warlike war battle
-0.60  0.80 afraid fear fearful scared frightened fright frightening alarmed alarm
-0.75  0.85 terrified terror terrifying horrified horror horrific panicked panic panicky
-0.45  0.85 wild chaotic chaos turbulent stormy storm tempestuous thunderous
-0.20  0.80 intense intensity powerful power forceful mighty overwhelming
-0.10  0.85 manic frenzied frenzy feverish delirious crazy
-0.15  0.65 defiant defiance rebellious stubborn
-0.30  0.55 driving relentless insistent mechanical industrial
-0.55 -0.15 tragic tragedy fateful doomed doom
-0.35 -0.35 lugubrious plaintive pitiful pathetic pity
 0.05  0.70 fast quick quickly rapid swift speedy
 0.30  0.75 aroused roused stimulated electrified electric
 0.00 -0.65 inactive sluggish idle lazy
 0.00  0.55 loud busy active
 0.75  0.55 allegro allegramente
 0.70  0.75 vivace vivo
 0.55  0.90 presto prestissimo
 0.70  0.60 giocoso scherzando scherzo giubiloso
 0.60  0.75 brio brioso energico
 0.55  0.60 maestoso trionfale pomposo
 0.45  0.75 appassionato fuoco
 0.55 -0.45 dolce dolcemente
 0.55 -0.35 grazioso cantabile amabile amoroso
 0.60 -0.60 tranquillo calmo pastorale sereno
 0.20 -0.20 andante moderato semplice
 0.05 -0.55 adagio largo larghetto lento
-0.35 -0.45 malinconico
-0.65 -0.40 mesto triste dolente doloroso lacrimoso lagrimoso lamentoso
-0.10 -0.20 misterioso sospirando
-0.35  0.75 agitato inquieto
-0.65  0.90 furioso feroce tempestoso barbaro
-0.40  0.30 sinistro lugubre
"""
